#include "compiler/prove/example.h"

#include <algorithm>
#include <map>
#include <utility>

namespace hpol::prove {
namespace {

constexpr size_t kMostInText = 8;  // findings of one detector
constexpr int kAttempts = 6;

// What one detector must have in a text.
struct Wanted {
  size_t count = 0;
  size_t distinct = 0;
  std::optional<Tier> only;  // nothing fires: this is the highest tier
};

std::map<uint32_t, Wanted> WantedOf(const hir::Policy& policy, const reference::Facts& facts) {
  std::map<uint32_t, Wanted> all;
  std::map<uint32_t, std::vector<std::string>> texts;
  for (const reference::Evidence& evidence : facts.findings) {
    Wanted& wanted = all[evidence.detector.value];
    if (evidence.tier < policy.detectors[evidence.detector.value].firing) {
      if (wanted.count == 0) wanted.only = std::max(wanted.only.value_or(evidence.tier), evidence.tier);
      continue;
    }
    wanted.only.reset();
    ++wanted.count;
    std::vector<std::string>& known = texts[evidence.detector.value];
    if (std::find(known.begin(), known.end(), evidence.text) != known.end()) continue;
    known.push_back(evidence.text);
    ++wanted.distinct;
  }
  return all;
}

// Samples whose findings stay below the firing tier: what was matched without its context, or with another
// last digit, which a validator no longer vouches for.
std::vector<std::string> Weakened(const hir::Policy& policy, DetectorId id, Tier only) {
  std::vector<std::string> weak;
  const auto try_text = [&](const std::string& text) {
    const std::vector<Finding> found = reference::Find(policy, id, text);
    if (found.size() == 1 && found.front().tier == only) weak.push_back(text);
  };
  for (const hir::Sample& sample : policy.detectors[id.value].matches) {
    const std::vector<Finding> found = reference::Find(policy, id, sample.text);
    if (found.empty()) continue;
    std::string match = sample.text.substr(found.front().begin, found.front().end - found.front().begin);
    try_text(match);
    const size_t digit = match.find_last_of("0123456789");
    for (char other = '0'; digit != std::string::npos && other <= '9' && weak.empty(); ++other) {
      match[digit] = other;
      try_text(match);
      std::string in_place = sample.text;
      in_place[found.front().begin + digit] = other;
      if (weak.empty()) try_text(in_place);
    }
  }
  return weak;
}

// Texts with exactly such findings, as far as samples go; `attempt` chooses among samples.
std::optional<std::string> TextFor(const hir::Policy& policy, DetectorId id, const Wanted& wanted,
                                   int attempt) {
  std::vector<std::string> samples;
  if (wanted.only) {
    samples = Weakened(policy, id, *wanted.only);
  } else {
    for (const hir::Sample& sample : policy.detectors[id.value].matches) samples.push_back(sample.text);
  }
  const size_t count = wanted.only ? 1 : wanted.count;
  const size_t distinct = wanted.only ? 1 : std::max<size_t>(wanted.distinct, 1);
  if (samples.size() < distinct || count > kMostInText) return std::nullopt;
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const size_t sample = (std::min(i, distinct - 1) + static_cast<size_t>(attempt)) % samples.size();
    text += (text.empty() ? "" : "; ") + samples[sample];
  }
  return text;
}

std::optional<std::string> PromptFor(const hir::Policy& policy, const reference::Facts& facts, int attempt) {
  std::string prompt;
  for (const auto& [detector, wanted] : WantedOf(policy, facts)) {
    const std::optional<std::string> text = TextFor(policy, {detector}, wanted, attempt);
    if (!text) return std::nullopt;
    prompt += (prompt.empty() ? "" : "; ") + *text;
  }
  return prompt.empty() ? "hello" : prompt;
}

std::vector<std::string> Spelled(const hir::Policy& policy, const hir::Attribute& declared,
                                 const reference::Value& value) {
  switch (declared.type) {
    case AttributeType::kBool:
      return {value.boolean ? "true" : "false"};
    case AttributeType::kInt:
      return {std::to_string(value.number)};
    case AttributeType::kString:
    case AttributeType::kStringSet:
      return value.texts;
    case AttributeType::kEnum:
    case AttributeType::kEnumSet: {
      std::vector<std::string> names;
      for (const uint32_t member : value.members) names.push_back(declared.members[member]);
      return names;
    }
    case AttributeType::kLabel: {
      std::string text = policy.levels[static_cast<size_t>(value.label.level())];
      for (size_t i = 0; i < policy.categories.size(); ++i)
        if (value.label.has_category(static_cast<int>(i))) text += "+" + policy.categories[i];
      return {text};
    }
  }
  return {};
}

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + '"';
}

std::string ValueText(const hir::Policy& policy, const hir::Attribute& declared,
                      const reference::Value& value) {
  if (!value.present) return declared.name + " missing";
  const bool quoted = declared.type == AttributeType::kString || declared.type == AttributeType::kStringSet;
  const bool set = declared.type == AttributeType::kStringSet || declared.type == AttributeType::kEnumSet;
  std::string text;
  for (const std::string& one : Spelled(policy, declared, value))
    text += (text.empty() ? "" : ", ") + (quoted ? Quote(one) : one);
  if (declared.type == AttributeType::kLabel)
    text = hir::LabelText(value.label, policy.levels, policy.categories);
  if (set) text = text.empty() ? "{}" : "{ " + text + " }";
  return declared.name + " " + text;
}

// What the prompt does not show: findings that no sample makes, and content that is no text.
std::string Besides(const hir::Policy& policy, const Example& example) {
  std::string text;
  if (!example.written) {
    for (const auto& [detector, wanted] : WantedOf(policy, example.facts)) {
      const std::string name = "`" + policy.detectors[detector].name + "`";
      const bool fixed = std::any_of(example.facts.findings.begin(), example.facts.findings.end(),
                                     [&](const reference::Evidence& evidence) {
                                       return evidence.detector.value == detector && !evidence.replaceable;
                                     });
      text += text.empty() ? " with " : " and ";
      text += wanted.only ? "the mere shape of " + name : std::to_string(wanted.count) + " of " + name;
      if (fixed) text += " where nothing can be written over it";
    }
  }
  if (example.facts.unscanned) text += " with a part that cannot be scanned, such as an image";
  if (example.facts.unregistered) text += " with a field that nobody registered";
  return text;
}

}  // namespace

std::string InputText(const hir::Policy& policy, size_t input, const reference::Value& value) {
  return ValueText(policy, policy.attributes[input], value);
}

WrittenRequest::WrittenRequest(const hir::Policy& policy, const reference::Facts& facts,
                               const std::string& prompt)
    : prompt_(prompt), unscanned_(facts.unscanned) {
  const size_t count = policy.attributes.size();
  values_.resize(count);
  views_.resize(count);
  for (size_t i = 0; i < count; ++i) {
    if (!facts.attributes[i].present) continue;
    values_[i] = Spelled(policy, policy.attributes[i], facts.attributes[i]);
    views_[i].assign(values_[i].begin(), values_[i].end());
    attributes_.push_back({policy.attributes[i].name, policy.attributes[i].source, views_[i]});
  }
}

bool Examples::Write(Example& example, Lit claim) {
  const hir::Policy& policy = formula_.policy();
  if (!texts_) return false;
  if (example.facts.unregistered) return false;  // plain text has no fields
  for (const reference::Evidence& evidence : example.facts.findings) {
    if (!evidence.replaceable && formula_.variables().detectors[evidence.detector.value]->covered)
      return false;  // a test's prompt is text, all of which can be written over
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const std::optional<std::string> prompt = PromptFor(policy, example.facts, attempt);
    if (!prompt) return false;
    reference::Facts facts = example.facts;
    std::optional<std::vector<bool>> scanned = Scan(*prompt, example.assignment, facts);
    if (!scanned || !Holds({*scanned}, claim).front()) continue;
    example.facts = std::move(facts);
    example.assignment = *std::move(scanned);
    example.prompt = *prompt;
    return true;
  }
  return false;
}

std::optional<std::vector<bool>> Examples::Scan(const std::string& prompt, const std::vector<bool>& wanted,
                                                reference::Facts& facts) {
  const World& world = formula_.world();
  std::vector<bool> assignment;
  for (Formula* one : {&formula_, beside_}) {
    if (one == nullptr) continue;
    const bool first = one == &formula_;
    // The inputs of the second policy are those of the assignment that is to be written.
    const WrittenRequest request(
        one->policy(), first ? facts : world.FactsOf(wanted, one->policy(), one->variables()), prompt);
    reference::Outcome outcome;
    std::optional<reference::Facts> scanned = reference::FactsOf(one->policy(), request.view(), outcome);
    if (!scanned) return std::nullopt;
    const std::vector<bool> part = world.AssignmentOf(*scanned, one->policy(), one->variables());
    // What both policies have is the same in both parts.
    assignment.resize(part.size());
    for (size_t i = 0; i < part.size(); ++i) assignment[i] = assignment[i] || part[i];
    if (first) facts = *std::move(scanned);
  }
  return assignment;
}

bool Replay(const hir::Policy& policy, const Runner& runner, Example& example) {
  if (!example.written || !runner) return true;
  const WrittenRequest request(policy, example.facts, example.prompt);
  const reference::Outcome expected = reference::Decide(policy, request.view());
  reference::Outcome actual = runner(request.view());
  if (actual.verdict == Verdict::kSend) actual.cause = expected.cause;  // says nothing then
  example.replayed = actual == expected;
  return example.replayed;
}

Example Examples::Make(std::vector<bool> assignment, Lit claim) {
  cone_.clear();
  Example example;
  if (!Holds({assignment}, claim).front()) {
    fault_ = "the solver's assignment does not satisfy the question";
    return example;
  }
  assignment = Smallest(std::move(assignment), claim);
  example.facts = formula_.world().FactsOf(assignment, formula_.policy(), formula_.variables());
  example.assignment = std::move(assignment);
  example.written = Write(example, claim);
  FindWhatMatters(example, claim);
  example.outcome = reference::Decide(formula_.policy(), example.facts);
  if (!Replay(formula_.policy(), runner_, example))
    fault_ = "the compiled code decides a counterexample differently from the meaning";
  return example;
}

std::string RequestText(const hir::Policy& policy, const Example& example) {
  std::string text = "prompt " + Quote(example.written ? example.prompt : "hello") + Besides(policy, example);
  for (size_t i = 0; i < policy.attributes.size(); ++i)
    if (example.matters[i])
      text += ", " + ValueText(policy, policy.attributes[i], example.facts.attributes[i]);
  return text;
}

namespace {

std::string OutcomeText(const hir::Policy& policy, const reference::Outcome& outcome) {
  if (outcome.verdict == Verdict::kDeny)
    return outcome.cause == DenyCause::kUndecided ? "undecided" : "denied";
  const reference::Outcome::Sent& first = outcome.candidates.front();
  std::string text = "sent to " + policy.targets[first.target.value].name;
  if (first.redaction != kNoRedaction)
    text += " redacted by " + policy.redactions[first.redaction.value].name;
  return text;
}

}  // namespace

std::optional<std::string> TestBlock(const hir::Policy& policy, const Example& example,
                                     const std::string& title) {
  if (!example.written || example.facts.unscanned) return std::nullopt;
  std::string given = "prompt " + Quote(example.prompt);
  for (size_t i = 0; i < policy.attributes.size(); ++i)
    if (example.facts.attributes[i].present)
      given += ", " + ValueText(policy, policy.attributes[i], example.facts.attributes[i]);
  return "test " + Quote(title) + " {\n  given  " + given + "\n  expect " +
         hir::LabelText(example.outcome.label, policy.levels, policy.categories) + ", " +
         OutcomeText(policy, example.outcome) + "\n}\n";
}

}  // namespace hpol::prove
