// Tables → text. One line a row; what an index or a label means stands behind `//`, which
// the parser passes over.
#include <cstdio>
#include <type_traits>

#include "compiler/ir/ir.h"
#include "runtime/tables/fields.h"

namespace hpol::ir {
namespace {

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", byte);
      quoted += escape;
    } else {
      quoted += c;  // bytes above ASCII stand as they are, well-formed or not
    }
  }
  return quoted + '"';
}

std::string Hex(uint64_t word) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(word));
  return text;
}

// ` name=value` for each field.
class FieldPrinter {
 public:
  explicit FieldPrinter(std::string& out) : out_(out) {}

  template <typename T>
  void operator()(const char* name, const T& field) {
    out_ += ' ';
    out_ += name;
    out_ += '=';
    Value(field);
  }

 private:
  template <typename T>
  void Value(const T& field) {
    if constexpr (std::is_same_v<T, bool>) {
      out_ += field ? "true" : "false";
    } else if constexpr (std::is_enum_v<T>) {
      out_ += EnumNames<T>::kNames[static_cast<size_t>(field)];
    } else {
      out_ += std::to_string(field);
    }
  }
  void Value(const Range& range) { out_ += std::to_string(range.begin) + '+' + std::to_string(range.count); }
  void Value(const Place& place) {
    out_ += std::to_string(place.file) + ':' + std::to_string(place.line) + '[' +
            std::to_string(place.begin) + ',' + std::to_string(place.end) + ']';
  }
  template <typename W>
  void Value(const Word<W>& word) {
    out_ += Hex(word.value);
  }

  std::string& out_;
};

// Reads tables for people. Works on tables that fail Verify too: what is out of range prints as `?`.
class Commentator {
 public:
  explicit Commentator(const Tables& tables) : t_(tables) {}

  std::string Name(StringId id) const { return id < t_.strings.size() ? t_.strings[id] : "?"; }

  std::string Label(uint64_t word) const {
    const auto level = static_cast<size_t>(hpol::Label{word}.level());
    std::string text = level < t_.levels.size() ? Name(t_.levels[level]) : "?";
    for (int i = 0; i < hpol::Label::kMaxCategories; ++i) {
      if (!hpol::Label{word}.has_category(i)) continue;
      text += " + ";
      text +=
          static_cast<size_t>(i) < t_.categories.size() ? Name(t_.categories[static_cast<size_t>(i)]) : "?";
    }
    return text;
  }

  std::string Fact(const std::vector<ir::Fact>& facts, uint32_t index) const {
    return index < facts.size() ? Fact(facts[index]) : "?";
  }

  std::string Fact(const ir::Fact& fact) const {
    const std::string attribute =
        fact.attribute < t_.attributes.size() ? Name(t_.attributes[fact.attribute].name) : "?";
    const std::string number = std::to_string(fact.number);
    switch (fact.kind) {
      case FactKind::kTier: {
        const auto tier = static_cast<size_t>(fact.number);
        return "tier(" + Detectors(fact.detectors) +
               ") >= " + std::string(tier < 3 ? EnumNames<Tier>::kNames[tier] : "?");
      }
      case FactKind::kCount:
        return "count(" + Detectors(fact.detectors) + ") >= " + number;
      case FactKind::kDistinct:
        return "distinct(" + Detectors(fact.detectors) + ") >= " + number;
      case FactKind::kMember:
        return attribute + " in {" + Members(fact) + "}";
      case FactKind::kText:
        return attribute + " in {" + Texts(fact.members) + "}";
      case FactKind::kAtLeast:
        return attribute + " >= " + number;
      case FactKind::kHas:
        return attribute + " has any of {" + (IsEnum(fact.attribute) ? Members(fact) : Texts(fact.members)) +
               "}";
      case FactKind::kLabelAtLeast:
        return attribute + " >= " + Label(fact.word);
      case FactKind::kLabelAtMost:
        return attribute + " <= " + Label(fact.word);
      case FactKind::kPresent:
        return attribute + " is present";
      case FactKind::kLevel:
        return "label >= " + Label(fact.word);
      case FactKind::kSentLevel:
        return "sent.label >= " + Label(fact.word);
      case FactKind::kTarget:
        return "target in {" +
               Joined(fact.members,
                      [&](uint32_t i) { return i < t_.targets.size() ? Name(t_.targets[i].name) : "?"; }) +
               "}";
      case FactKind::kRedaction:
        return "redaction in {" +
               Joined(
                   fact.members,
                   [&](uint32_t i) { return i < t_.redactions.size() ? Name(t_.redactions[i].name) : "?"; }) +
               "}";
      case FactKind::kDenied:
        return "denied";
      case FactKind::kUndecided:
        return "undecided";
    }
    return "?";
  }

  // Postfix to infix: of a rule, and of a guarantee.
  std::string Condition(Range range) const { return Condition(range, t_.nodes, t_.facts); }
  std::string Proof(Range range) const { return Condition(range, t_.proof_nodes, t_.proof_facts); }

  std::string Condition(Range range, const std::vector<Node>& nodes,
                        const std::vector<ir::Fact>& facts) const {
    std::vector<std::string> stack;
    for (uint32_t i = 0; i < range.count; ++i) {
      if (size_t{range.begin} + i >= nodes.size()) return "?";
      const Node& node = nodes[range.begin + i];
      switch (node.kind) {
        case NodeKind::kFact:
          stack.push_back(Fact(facts, node.value));
          break;
        case NodeKind::kNotFact:
          stack.push_back("not " + Fact(facts, node.value));
          break;
        case NodeKind::kTrue:
        case NodeKind::kFalse:
          stack.push_back(node.kind == NodeKind::kTrue ? "true" : "false");
          break;
        case NodeKind::kAnd:
        case NodeKind::kOr: {
          if (node.value > stack.size()) return "?";
          std::string joined;
          for (size_t j = stack.size() - node.value; j < stack.size(); ++j) {
            if (!joined.empty()) joined += node.kind == NodeKind::kAnd ? " and " : " or ";
            joined += stack[j];
          }
          stack.resize(stack.size() - node.value);
          stack.push_back("(" + joined + ")");
        }
      }
    }
    return stack.size() == 1 ? stack[0] : stack.empty() ? "always" : "?";
  }

  std::string Candidate(uint32_t index) const {
    if (index >= t_.candidates.size()) return "?";
    const ir::Candidate& candidate = t_.candidates[index];
    std::string text = candidate.target < t_.targets.size() ? Name(t_.targets[candidate.target].name) : "?";
    if (candidate.redaction == kNoRedaction.value) return text;
    return text + " redacted by " +
           (candidate.redaction < t_.redactions.size() ? Name(t_.redactions[candidate.redaction].name) : "?");
  }

  std::string Detectors(Range range) const {
    return Joined(range,
                  [&](uint32_t i) { return i < t_.detectors.size() ? Name(t_.detectors[i].name) : "?"; });
  }
  std::string Candidates(Range range) const {
    return Joined(range, [&](uint32_t i) { return Candidate(i); });
  }
  std::string Texts(Range range) const {
    std::string text;
    for (uint32_t i = 0; i < range.count; ++i) {
      if (i > 0) text += ", ";
      text += size_t{range.begin} + i < t_.lists.size() ? Quote(Name(t_.lists[range.begin + i])) : "?";
    }
    return text;
  }

 private:
  bool IsEnum(uint32_t attribute) const {
    return attribute < t_.attributes.size() && (t_.attributes[attribute].type == AttributeType::kEnum ||
                                                t_.attributes[attribute].type == AttributeType::kEnumSet);
  }

  std::string Members(const ir::Fact& fact) const {
    return Joined(fact.members, [&](uint32_t i) -> std::string {
      if (!IsEnum(fact.attribute)) return i == 0 ? "false" : i == 1 ? "true" : "?";
      const Range names = t_.attributes[fact.attribute].members;
      if (i >= names.count || size_t{names.begin} + i >= t_.lists.size()) return "?";
      return Name(t_.lists[names.begin + i]);
    });
  }

  template <typename F>
  std::string Joined(Range range, F&& name) const {
    std::string text;
    for (uint32_t i = 0; i < range.count; ++i) {
      if (i > 0) text += ", ";
      text += size_t{range.begin} + i < t_.indices.size() ? name(t_.indices[range.begin + i]) : "?";
    }
    return text;
  }

  const Tables& t_;
};

// What a row means. Names may hold a line end only inside quotes, so the rest is cut there.
std::string Comment(const Commentator&, const Node&) { return {}; }
std::string Comment(const Commentator& say, const NearClause& row) {
  return (row.negated ? "not near " : "near ") + say.Texts(row.words);
}
std::string Comment(const Commentator& say, const Detector& row) { return say.Name(row.name); }
std::string Comment(const Commentator& say, const Attribute& row) { return say.Name(row.name); }
std::string Comment(const Commentator& say, const ClassifyRow& row) {
  return "when " + say.Condition(row.condition) + " raise to " + say.Label(row.word);
}
std::string Comment(const Commentator& say, const RouteRow& row) {
  return "when " + say.Condition(row.condition) +
         (row.deny ? " deny " + Quote(say.Name(row.reason)) : " send to " + say.Candidates(row.candidates));
}
std::string Comment(const Commentator&, const Window&) { return {}; }
std::string Comment(const Commentator& say, const Schedule& row) { return say.Name(row.name); }
std::string Comment(const Commentator&, const GaugeLimit&) { return {}; }
std::string Comment(const Commentator&, const Gate&) { return {}; }
std::string Comment(const Commentator& say, const Limit& row) { return say.Name(row.currency); }
std::string Comment(const Commentator& say, const RequireRow& row) {
  return Quote(say.Name(row.title)) + " " + say.Condition(row.condition);
}
std::string Comment(const Commentator& say, const RespondRow& row) {
  return "when " + say.Condition(row.condition) +
         (row.reason != 0 ? " says " + Quote(say.Name(row.reason))
                          : " masks " + say.Detectors(row.detectors));
}
std::string Comment(const Commentator& say, const GuaranteeRow& row) {
  return Quote(say.Name(row.title)) + " when " + say.Proof(row.when) + (row.never ? " never " : " always ") +
         say.Proof(row.property);
}
std::string Comment(const Commentator& say, const RedactionLine& row) {
  return say.Detectors(row.detectors) + " leaves " + say.Label(row.leaves);
}
std::string Comment(const Commentator& say, const Redaction& row) { return say.Name(row.name); }
std::string Comment(const Commentator& say, const Zone& row) {
  return say.Name(row.name) + " clears " + say.Label(row.clearance);
}
std::string Comment(const Commentator& say, const Target& row) {
  return say.Name(row.name) + " clears " + say.Label(row.clearance);
}
std::string Comment(const Commentator& say, const Sink& row) {
  return say.Name(row.name) + " clears " + say.Label(row.clearance);
}

void AppendComment(std::string& out, std::string comment) {
  if (comment.empty()) return;
  for (char& c : comment)
    if (c == '\n' || c == '\r') c = ' ';
  out += "  // " + comment;
}

}  // namespace

std::string Print(const Tables& tables) {
  const Commentator say(tables);
  std::string out = "tables policy=" + std::to_string(tables.policy) +
                    " version=" + std::to_string(tables.version) +
                    " steps_off=" + std::to_string(tables.steps_off) + '\n';
  for (size_t i = 0; i < tables.strings.size(); ++i)
    out += "string " + std::to_string(i) + ' ' + Quote(tables.strings[i]) + '\n';
  EveryTable(tables, [&](const char* name, const auto& rows, auto&& fields) {
    for (size_t i = 0; i < rows.size(); ++i) {
      out += std::string(name) + ' ' + std::to_string(i);
      FieldPrinter printer(out);
      fields(printer, rows[i]);
      using Row = std::decay_t<decltype(rows[i])>;
      if constexpr (std::is_same_v<Row, Fact>) {
        AppendComment(out, say.Fact(rows[i]));
      } else if constexpr (std::is_same_v<Row, Candidate>) {
        AppendComment(out, say.Candidate(static_cast<uint32_t>(i)));
      } else if constexpr (std::is_same_v<Row, StringId>) {
        if (std::string_view(name) != "index") AppendComment(out, Quote(say.Name(rows[i])));
      } else {
        AppendComment(out, Comment(say, rows[i]));
      }
      out += '\n';
    }
  });
  return out;
}

}  // namespace hpol::ir
