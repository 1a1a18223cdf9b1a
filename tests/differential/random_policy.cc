#include "tests/differential/random_policy.h"

#include <algorithm>
#include <utility>

namespace hpol::differential {
namespace {

enum class Phase { kFloor, kClassify, kSend, kDeny, kRequire, kGuarantee };

struct Input {
  std::string name;
  std::string type;  // bool int string enum label string_set enum_set
  bool optional = false;
  std::string source;
};

constexpr const char* kTypes[] = {"bool", "int", "string", "enum", "label", "string_set", "enum_set"};
constexpr const char* kSources[] = {"identity", "gateway", "caller"};

class Writer {
 public:
  explicit Writer(Random& random) : r_(random) {}

  PolicySource Run() {
    Line("policy random.policy version \"1\"");
    Levels();
    Reading();
    Inputs();
    Detectors();
    Classify();
    Targets();
    Redactions();
    RunTimeState();
    Route();
    Requirements();
    Guarantees();
    return std::move(source_);
  }

 private:
  void Line(std::string text) { source_.lines.push_back(std::move(text)); }

  static std::string Join(const std::vector<std::string>& words, const char* separator) {
    std::string joined;
    for (const std::string& word : words) joined += (joined.empty() ? "" : separator) + word;
    return joined;
  }

  // ---- vocabulary ----

  void Levels() {
    levels_ = {"public", "internal", "confidential", "sealed"};
    levels_.resize(r_.Between(2, 4));
    categories_ = {"pii", "pci", "phi", "legal"};
    categories_.resize(r_.Between(0, 4));
    Line("levels " + Join(levels_, " < "));
    if (!categories_.empty()) Line("categories " + Join(categories_, ", "));
  }

  void Reading() {
    static const std::vector<std::string> kSteps = {
        "full_width", "dashes", "invisible", "spelled_unicode", "gaps",
        "percent",    "base64", "hex",       "html_entities",   "opaque"};
    if (!r_.Chance(25)) return;
    const std::string first = r_.Pick(kSteps);
    const std::string second = r_.Pick(kSteps);
    Line("read without " + first + (second != first ? ", " + second : ""));
  }

  void Inputs() {
    const uint32_t count = r_.Between(0, 8);
    if (count == 0) return;
    Line("input {");
    for (uint32_t i = 0; i < count; ++i) {
      const Input input{"in" + std::to_string(i), kTypes[r_.Below(7)], r_.Chance(60), kSources[r_.Below(3)]};
      std::string type = input.type;
      if (type == "string_set") type = "set of string";
      if (type == "enum") type = "enum { x, y, z }";
      if (type == "enum_set") type = "set of enum { x, y, z }";
      Line("  " + input.name + " : " + (input.optional ? "optional " : "") + type + " from " + input.source);
      inputs_.push_back(input);
    }
    Line("}");
  }

  void Detectors() {
    const uint32_t count = r_.Between(1, 6);
    for (uint32_t i = 0; i < count; ++i) {
      source_.detectors.push_back(RandomDetector(r_));
      detectors_.push_back(std::string("d_") + static_cast<char>('a' + i));
      Line("detector " + detectors_.back() + " { " + source_.detectors.back().fields + " }");
    }
  }

  std::string Label(uint32_t highest_chance, bool pseudonymous) {
    std::string label = r_.Chance(highest_chance) ? levels_.back() : r_.Pick(levels_);
    for (const std::string& category : categories_)
      if (r_.Chance(30)) label += " + " + category;
    if (pseudonymous && r_.Chance(60)) label += " + pseudonymous";
    return label;
  }

  // ---- conditions ----

  std::string Condition(Phase phase, int depth) {
    if (depth == 0 || r_.Chance(35)) return Atom(phase);
    if (r_.Chance(20)) {
      // Evidence may not be negated, so what stands behind `not` is as in a floor or a send rule.
      const Phase negated = phase == Phase::kClassify ? Phase::kFloor
                            : phase == Phase::kDeny   ? Phase::kSend
                                                      : phase;
      if (HasAtoms(negated)) return "not (" + Condition(negated, depth - 1) + ")";
    }
    const char* word = r_.Chance(50) ? " and " : " or ";
    std::string joined = Condition(phase, depth - 1);
    for (uint32_t i = r_.Between(1, 2); i > 0; --i) joined += word + Condition(phase, depth - 1);
    return "(" + joined + ")";
  }

  std::vector<const Input*> InputsFor(Phase phase) const {
    std::vector<const Input*> usable;
    for (const Input& input : inputs_)
      if (phase != Phase::kFloor || input.source != "caller") usable.push_back(&input);
    return usable;
  }
  bool HasAtoms(Phase phase) const {
    return (phase != Phase::kFloor && phase != Phase::kRequire) || !InputsFor(phase).empty();
  }

  std::string Atom(Phase phase) {
    const bool evidence = phase == Phase::kClassify || phase == Phase::kDeny;
    const bool label = phase == Phase::kSend || phase == Phase::kDeny;
    const std::vector<const Input*> inputs = InputsFor(phase);
    if (phase == Phase::kGuarantee && (r_.Chance(70) || inputs.empty())) {
      return r_.Chance(25) ? EvidenceAtom() : OutcomeAtom();
    }
    if (evidence && (r_.Chance(55) || (inputs.empty() && !label))) return EvidenceAtom();
    if (label && (r_.Chance(50) || inputs.empty())) return LabelAtom();
    return InputAtom(*r_.Pick(inputs));
  }

  std::string EvidenceAtom() {
    const std::string detector = r_.Pick(detectors_);
    const std::string number = (r_.Chance(50) ? " >= " : " > ") + std::to_string(r_.Between(0, 3));
    switch (r_.Below(6)) {
      case 0:
        return "count(" + detector + ")" + number;
      case 1:
        return "distinct(" + detector + ")" + number;
      case 2: {
        std::vector<std::string> terms;
        const char* function = r_.Chance(50) ? "count(" : "distinct(";
        for (const std::string& name : detectors_)
          if (terms.empty() || r_.Chance(40)) terms.push_back(function + name + ")");
        return Join(terms, " + ") + number;
      }
      case 3: {
        static const std::vector<std::string> kTiers = {"shape", "context", "checksum"};
        return "tier(" + detector + ") >= " + r_.Pick(kTiers);
      }
      default:
        return detector;
    }
  }

  // What becomes of the request.
  std::string OutcomeAtom() {
    const char* const whose = r_.Chance(50) ? "request." : "sent.";
    switch (r_.Below(9)) {
      case 0:
        return r_.Chance(50) ? "denied" : "undecided";
      case 1:
        return r_.Chance(50) ? "zone is trusted" : "zone is untrusted";
      case 2:
        return std::string("target") + (r_.Chance(70) ? " == " : " != ") + r_.Pick(targets_);
      case 3:
        return "target in { " + targets_.front() + ", " + r_.Pick(targets_) + " }";
      case 4:
        return r_.Chance(50) ? "zone == home" : "zone in { cloud }";
      case 5:
        if (redactions_.empty()) return "redacted";
        return (r_.Chance(50) ? "redacted by " : "redaction != ") + r_.Pick(redactions_);
      case 6: {
        static const std::vector<std::string> kOps = {" >= ", " <= ", " == ", " != "};
        return whose + ("label" + r_.Pick(kOps)) + Label(10, true);
      }
      default:
        return whose + LabelAtom();
    }
  }

  std::string Operator() {
    static const std::vector<std::string> kAll = {" == ", " != ", " < ", " <= ", " > ", " >= "};
    return r_.Pick(kAll);
  }

  std::string LabelAtom() {
    if (!categories_.empty() && r_.Chance(30)) return "label has " + r_.Pick(categories_);
    return "level" + Operator() + r_.Pick(levels_);
  }

  std::string InputAtom(const Input& input) {
    if (input.optional && r_.Chance(15)) return input.name + (r_.Chance(50) ? " is present" : " is missing");
    if (input.type == "bool") {
      static const std::vector<std::string> kForms = {"", " == true", " == false", " != true"};
      return input.name + r_.Pick(kForms);
    }
    if (input.type == "int") {
      static const std::vector<std::string> kNumbers = {"0", "1", "2", "100", "9223372036854775807"};
      return input.name + Operator() + r_.Pick(kNumbers);
    }
    if (input.type == "label") {
      static const std::vector<std::string> kOps = {" >= ", " <= ", " == ", " != "};
      return input.name + r_.Pick(kOps) + Label(10, true);
    }
    static const std::vector<std::string> kTexts = {"\"p\"", "\"q\"", "\"long text\""};
    static const std::vector<std::string> kMembers = {"x", "y", "z"};
    const std::vector<std::string>& values = input.type.starts_with("string") ? kTexts : kMembers;
    if (input.type.ends_with("_set")) return input.name + " has " + r_.Pick(values);
    if (r_.Chance(50)) return input.name + (r_.Chance(50) ? " == " : " != ") + r_.Pick(values);
    const std::string set = r_.Chance(50) ? values[0] + ", " + values[2] : values[1];
    return input.name + (r_.Chance(50) ? " in { " : " not in { ") + set + " }";
  }

  // ---- rules ----

  void Classify() {
    Line("classify {");
    for (uint32_t i = HasAtoms(Phase::kFloor) ? r_.Between(0, 2) : 0; i > 0; --i)
      Line("  start at " + Label(10, false) + " when " + Condition(Phase::kFloor, 2));
    Line("  start at " + Label(5, false) + " otherwise");
    for (uint32_t i = r_.Between(1, 6); i > 0; --i)
      Line("  when " + Condition(Phase::kClassify, 2) + Trust() + " raise to " + Label(15, false));
    Line("}");
  }

  void Targets() {
    const std::string cloud = Label(60, true);
    Line("zone home { trusted clears " + levels_.back() + " + all hosts \"10.0.0.0/8\" }");
    Line("zone cloud { untrusted clears " + cloud + " tls required }");
    const uint32_t count = r_.Between(2, 4);
    for (uint32_t i = 0; i < count; ++i) {
      const bool home = r_.Chance(50);
      const std::string clears = !home ? cloud : r_.Chance(70) ? levels_.back() + " + all" : Label(50, true);
      targets_.push_back(std::string("t_") + static_cast<char>('a' + i));
      Line("target " + targets_.back() + " in " + (home ? "home" : "cloud") + " { clears " + clears +
           " price " + std::to_string(r_.Below(4)) + " USD prompt, 1 USD answer per 1M tokens }");
    }
  }

  void Redactions() {
    static const std::vector<std::string> kActions = {"mask ", "remove ", "pseudonym "};
    const uint32_t count = r_.Between(0, 2);
    for (uint32_t i = 0; i < count; ++i) {
      std::vector<std::string> unused = detectors_;
      redactions_.push_back(std::string("r_") + static_cast<char>('a' + i));
      Line("redaction " + redactions_.back() + " {");
      for (uint32_t line = r_.Between(1, 3); line > 0 && !unused.empty(); --line) {
        const uint32_t taken = std::min<uint32_t>(r_.Between(1, 3), static_cast<uint32_t>(unused.size()));
        const std::vector<std::string> names(unused.end() - taken, unused.end());
        unused.resize(unused.size() - taken);
        Line("  " + r_.Pick(kActions) + Join(names, ", ") +
             (r_.Chance(40) ? " leaves " + Label(5, true) : ""));
      }
      Line("}");
    }
  }

  void RunTimeState() {
    static const std::vector<std::string> kZones = {"UTC", "Europe/Berlin", "America/New_York",
                                                    "Pacific/Auckland", "Asia/Kathmandu"};
    static const std::vector<std::string> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    static const std::vector<std::string> kHours = {"00:00", "06:30", "12:00", "18:45"};
    if (r_.Chance(40)) {
      Line("schedule hours {");
      Line("  time zone \"" + r_.Pick(kZones) + "\"");
      for (uint32_t i = r_.Between(1, 2); i > 0; --i) {
        const uint32_t from = r_.Below(4);
        Line("  on " + r_.Pick(kDays) + (r_.Chance(60) ? " to " + r_.Pick(kDays) : "") + " from " +
             kHours[from] + " to " + (r_.Chance(20) ? "24:00" : kHours[(from + r_.Between(1, 3)) % 4]));
      }
      Line("}");
      schedule_ = true;
    }
    std::vector<std::string> counted;
    for (const Input& input : inputs_)
      if (input.source != "caller" && !input.type.ends_with("_set")) counted.push_back(input.name);
    for (uint32_t i = counted.empty() || !r_.Chance(40) ? 0 : r_.Between(1, 2); i > 0; --i) {
      static const std::vector<std::string> kAmounts = {"200_000 tokens", "12.50 USD", "60 requests"};
      static const std::vector<std::string> kPeriods = {"minute", "hour", "day", "month"};
      static const std::vector<std::string> kBeyond = {"", " beyond that deny", " beyond that only home",
                                                       " beyond that only cloud"};
      Line("limit " + r_.Pick(kAmounts) + " per " + r_.Pick(kPeriods) + " by " + r_.Pick(counted) +
           r_.Pick(kBeyond));
      limited_ = true;
    }
  }

  // What skips a step at run time.
  std::string Gates() {
    static const std::vector<std::string> kShares = {"0", "0.25", "0.5", "0.9", "1"};
    std::string text;
    if (schedule_ && r_.Chance(25)) text += r_.Chance(50) ? " within hours" : " outside hours";
    std::vector<std::string> gauges;
    const char* const equal = r_.Chance(50) ? "= " : " ";
    if (r_.Chance(15)) gauges.push_back(std::string("load >") + equal + r_.Pick(kShares));
    if (r_.Chance(10)) gauges.push_back(std::string("health <") + equal + r_.Pick(kShares));
    if (limited_ && r_.Chance(15)) gauges.push_back(std::string("budget <") + equal + r_.Pick(kShares));
    return gauges.empty() ? text : text + " until " + Join(gauges, " or ");
  }

  // Most requests must pass, or nothing else is seen.
  void Requirements() {
    if (!HasAtoms(Phase::kRequire)) return;
    for (uint32_t i = r_.Chance(15) ? r_.Between(1, 2) : 0; i > 0; --i)
      Line("require \"r" + std::to_string(i) + "\" (" + Condition(Phase::kRequire, 1) + " or " +
           Condition(Phase::kRequire, 1) + ")");
  }

  void Guarantees() {
    for (uint32_t i = r_.Between(0, 4); i > 0; --i)
      Line("guarantee \"g" + std::to_string(i) + "\"" +
           (r_.Chance(40) ? " when " + Condition(Phase::kGuarantee, 1) : "") +
           (r_.Chance(50) ? " never " : " always ") + Condition(Phase::kGuarantee, 2));
  }

  // Each pair at most once in a rule: twice is an error.
  std::string Action() {
    std::vector<std::string> steps;
    std::vector<std::pair<std::string, std::string>> used;
    for (uint32_t i = r_.Between(1, 3); i > 0; --i) {
      const std::string redaction = !redactions_.empty() && r_.Chance(50) ? r_.Pick(redactions_) : "";
      std::vector<std::string> names;
      for (const std::string& target : targets_) {
        const std::pair pair(target, redaction);
        if (!r_.Chance(50) || std::find(used.begin(), used.end(), pair) != used.end()) continue;
        used.push_back(pair);
        names.push_back(target);
        if (!r_.Chance(30)) break;
      }
      if (names.empty()) continue;
      steps.push_back((redaction.empty() ? "" : "redacted by " + redaction + " ") + "to " +
                      (names.size() > 1 ? "cheapest of " : "") + Join(names, ", ") + Gates());
    }
    if (steps.empty()) steps.push_back("to " + r_.Pick(targets_));
    return "send " + Join(steps, " then ");
  }

  std::string Trust() { return r_.Chance(10) ? " trusting caller" : ""; }

  void Route() {
    Line("route {");
    const uint32_t rules = r_.Between(1, 6);
    for (uint32_t i = 0; i < rules; ++i) {
      const bool deny = r_.Chance(25);
      Line("  when " + Condition(deny ? Phase::kDeny : Phase::kSend, 2) + Trust() + " " +
           (deny ? "deny \"rule " + std::to_string(i) + "\"" : Action()));
    }
    if (r_.Chance(85)) Line("  otherwise " + Action());
    Line("}");
  }

  Random& r_;
  PolicySource source_;
  std::vector<std::string> levels_;
  std::vector<std::string> categories_;
  std::vector<Input> inputs_;
  std::vector<std::string> detectors_;
  std::vector<std::string> targets_;
  std::vector<std::string> redactions_;
  bool schedule_ = false;
  bool limited_ = false;
};

}  // namespace

std::string PolicySource::Text() const {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

PolicySource RandomPolicy(Random& random) { return Writer(random).Run(); }

}  // namespace hpol::differential
