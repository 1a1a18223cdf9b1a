#include "compiler/check/clearance_example.h"

#include <algorithm>
#include <set>
#include <utility>

#include "compiler/check/names.h"

namespace hpol::check {
namespace {

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + '"';
}

// Samples of the detector, as many and as different as the example asks for.
std::string TextOf(const hir::Detector& detector, const ExampleFinding& finding) {
  std::string text;
  for (uint32_t i = 0; i < finding.count; ++i) {
    if (!text.empty()) text += "; ";
    const size_t different = std::min<size_t>(finding.distinct, detector.matches.size());
    text += detector.matches[std::min<size_t>(i, different - 1)].text;
  }
  return text;
}

std::string PromptText(const hir::Policy& policy, const ExampleRequest& example) {
  std::string prompt;
  std::string besides;
  for (const ExampleFinding& finding : example.findings) {
    const hir::Detector& detector = policy.detectors[finding.detector.value];
    if (finding.firing && finding.distinct <= detector.matches.size() && finding.count <= 8) {
      prompt += (prompt.empty() ? "" : "; ") + TextOf(detector, finding);
      continue;
    }
    besides += " with " + (finding.firing ? std::to_string(finding.count) + " of " : "the mere shape of ") +
               Tick(detector.name);
  }
  if (example.unscanned) besides += " with a part that cannot be scanned, such as an image";
  return "prompt " + Quote(prompt.empty() ? "hello" : prompt) + besides;
}

std::string ValueText(const hir::Policy& policy, const ExampleAttribute& example) {
  const hir::Attribute& attribute = policy.attributes[example.attribute.value];
  if (example.missing) return attribute.name + " missing";
  if (attribute.type == AttributeType::kStringSet || attribute.type == AttributeType::kEnumSet) {
    std::string members;
    for (const std::string& value : example.values) {
      members += (members.empty() ? "" : ", ") +
                 (attribute.type == AttributeType::kStringSet ? Quote(value) : value);
    }
    return attribute.name + " {" + (members.empty() ? "" : " " + members + " ") + "}";
  }
  if (example.values.empty()) return attribute.name + " \"anything else\"";
  const std::string& value = example.values.front();
  return attribute.name + " " + (attribute.type == AttributeType::kString ? Quote(value) : value);
}

void CollectReads(const hir::Expr& expr, std::set<uint32_t>& detectors, std::set<uint32_t>& attributes) {
  if (expr.kind == hir::Expr::Kind::kAtom) {
    for (const DetectorId id : expr.atom.detectors) detectors.insert(id.value);
    if (expr.atom.detectors.empty()) attributes.insert(expr.atom.attribute.value);
  }
  for (const hir::Expr& operand : expr.operands) CollectReads(operand, detectors, attributes);
}

// The first atom that reads one of the detectors.
const hir::Expr* FindAtom(const hir::Expr& expr, const std::vector<DetectorId>& detectors) {
  if (expr.kind == hir::Expr::Kind::kAtom) {
    for (const DetectorId id : detectors) {
      if (std::find(expr.atom.detectors.begin(), expr.atom.detectors.end(), id) !=
          expr.atom.detectors.end()) {
        return &expr;
      }
    }
  }
  for (const hir::Expr& operand : expr.operands) {
    if (const hir::Expr* found = FindAtom(operand, detectors)) return found;
  }
  return nullptr;
}

bool Redacts(const hir::Policy& policy, RedactionId redaction, DetectorId detector) {
  if (redaction == kNoRedaction) return false;
  for (const hir::RedactionLine& line : policy.redactions[redaction.value].lines) {
    if (std::find(line.detectors.begin(), line.detectors.end(), detector) != line.detectors.end())
      return true;
  }
  return false;
}

class CauseFinder {
 public:
  CauseFinder(const hir::Policy& policy, const hir::Step& step, const ExampleRequest& example)
      : policy_(policy), step_(step), example_(example) {}

  // `reads` are the conditions that decide the row; `own` the one that a reader looks at.
  Cause Make(const std::vector<const hir::Expr*>& reads, const hir::Expr* own, dsl::Span span, Label label,
             bool floor) const {
    Cause cause{own != nullptr ? own->span : span, label, floor, {}, {}};
    std::set<uint32_t> detectors;
    std::set<uint32_t> attributes;
    for (const hir::Expr* expr : reads) CollectReads(*expr, detectors, attributes);
    for (const ExampleFinding& finding : example_.findings) {
      if (detectors.contains(finding.detector.value) &&
          !Redacts(policy_, step_.redaction, finding.detector)) {
        cause.detectors.push_back(finding.detector);
      }
    }
    for (const ExampleAttribute& attribute : example_.attributes) {
      if (attributes.contains(attribute.attribute.value)) cause.attributes.push_back(attribute.attribute);
    }
    if (own != nullptr) {
      if (const hir::Expr* atom = FindAtom(*own, cause.detectors)) cause.span = atom->span;
    }
    return cause;
  }

 private:
  const hir::Policy& policy_;
  const hir::Step& step_;
  const ExampleRequest& example_;
};

}  // namespace

std::string RequestText(const hir::Policy& policy, const ExampleRequest& example) {
  std::string text = PromptText(policy, example);
  for (const ExampleAttribute& attribute : example.attributes) text += ", " + ValueText(policy, attribute);
  return text;
}

std::vector<Cause> CausesOf(const hir::Policy& policy, const hir::Step& step, const ExampleRequest& example) {
  const Label clearance = policy.targets[step.target.value].clearance;
  const CauseFinder finder(policy, step, example);
  std::vector<Cause> causes;
  if (example.unscanned) return causes;
  size_t row = 0;
  std::vector<const hir::Expr*> before;
  for (const hir::Floor& floor : policy.floors) {
    if (floor.condition) before.push_back(&*floor.condition);
    if (example.applied[row++] && !floor.label.FlowsTo(clearance)) {
      causes.push_back(
          finder.Make(before, floor.condition ? &*floor.condition : nullptr, floor.span, floor.label, true));
    }
  }
  for (const hir::Raise& raise : policy.raises) {
    if (example.applied[row++] && !raise.label.FlowsTo(clearance)) {
      causes.push_back(finder.Make({&raise.condition}, &raise.condition, raise.span, raise.label, false));
    }
  }
  return causes;
}

}  // namespace hpol::check
