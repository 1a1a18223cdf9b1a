// A small policy and its artifact written by hand: tables and detector functions. The runtime is tested
// without a compiler.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hpol/engine.h"
#include "runtime/detect/hand_detectors_for_test.h"
#include "runtime/detect/validators.h"

namespace hpol::hand {

using Condition = std::vector<ir::Node>;
inline Condition Always() { return {}; }
inline Condition Is(uint32_t fact) { return {{ir::NodeKind::kFact, fact}}; }
inline Condition Not(uint32_t fact) { return {{ir::NodeKind::kNotFact, fact}}; }
inline Condition Join(ir::NodeKind kind, std::initializer_list<Condition> operands) {
  Condition all;
  for (const Condition& operand : operands) all.insert(all.end(), operand.begin(), operand.end());
  all.push_back({kind, static_cast<uint32_t>(operands.size())});
  return all;
}
inline Condition And(std::initializer_list<Condition> operands) { return Join(ir::NodeKind::kAnd, operands); }
inline Condition Or(std::initializer_list<Condition> operands) { return Join(ir::NodeKind::kOr, operands); }

// public < internal < confidential; pseudonymous, pii, secret.
inline constexpr Label kPublic = Label::Level(0);
inline constexpr Label kInternal = Label::Level(1);
inline constexpr Label kConfidential = Label::Level(2);
inline constexpr Label kPseudonymous = Label::Category(0);
inline constexpr Label kPii = Label::Category(1);
inline constexpr Label kSecret = Label::Category(2);
inline constexpr Label kTop = kConfidential.Join(kPseudonymous).Join(kPii).Join(kSecret);

class Policy {
 public:
  Policy() {
    tables_.strings = {""};
    tables_.levels = {Text("public"), Text("internal"), Text("confidential")};
    tables_.categories = {Text("pseudonymous"), Text("pii"), Text("secret")};
    tables_.zones = {{Text("private"), true, false, kTop.word, {}},
                     {Text("cloud"), false, true, kPublic.Join(kPseudonymous).word, {}}};
  }
  static constexpr uint32_t kPrivate = 0;
  static constexpr uint32_t kCloud = 1;

  ir::Tables& tables() { return tables_; }
  const ir::Tables& tables() const { return tables_; }

  ir::StringId Text(const std::string& text) {
    tables_.strings.push_back(text);
    return static_cast<ir::StringId>(tables_.strings.size() - 1);
  }
  ir::Range Texts(const std::vector<std::string>& texts) {
    const auto begin = static_cast<uint32_t>(tables_.lists.size());
    for (const std::string& text : texts) {
      const ir::StringId id = Text(text);
      tables_.lists.push_back(id);
    }
    return {begin, static_cast<uint32_t>(texts.size())};
  }
  ir::Range Indices(const std::vector<uint32_t>& indices) {
    const auto begin = static_cast<uint32_t>(tables_.indices.size());
    tables_.indices.insert(tables_.indices.end(), indices.begin(), indices.end());
    return {begin, static_cast<uint32_t>(indices.size())};
  }

  uint32_t Detector(const std::string& name, hpol_detector_code code, const char* validator = "") {
    ir::Detector row;
    row.name = Text(name);
    row.validator = detect::FindValidator(validator);
    row.firing = row.validator != 0 ? Tier::kChecksum : Tier::kShape;
    tables_.detectors.push_back(row);
    codes_.push_back(code);
    return static_cast<uint32_t>(tables_.detectors.size() - 1);
  }
  uint32_t Attribute(const std::string& name, AttributeType type, Source source, bool optional,
                     const std::vector<std::string>& members = {}) {
    tables_.attributes.push_back({Text(name), type, source, optional, Texts(members)});
    return static_cast<uint32_t>(tables_.attributes.size() - 1);
  }

  uint32_t Fact(ir::Fact fact) {
    tables_.facts.push_back(fact);
    return static_cast<uint32_t>(tables_.facts.size() - 1);
  }
  uint32_t Found(const std::vector<uint32_t>& detectors, Tier tier = Tier::kShape) {
    return OnDetectors(ir::FactKind::kTier, detectors, static_cast<int64_t>(tier));
  }
  uint32_t OnDetectors(ir::FactKind kind, const std::vector<uint32_t>& detectors, int64_t number) {
    ir::Fact fact;
    fact.kind = kind;
    fact.detectors = Indices(detectors);
    fact.number = number;
    return Fact(fact);
  }
  uint32_t OnAttribute(ir::FactKind kind, uint32_t attribute, ir::Range members = {}, int64_t number = 0,
                       Label label = {}) {
    return Fact({kind, attribute, {}, members, number, label.word, {}});
  }
  uint32_t AtLevel(Label label) { return OnAttribute(ir::FactKind::kLevel, 0, {}, 0, label); }

  void Classify(const Condition& condition, Label label) {
    tables_.classify.push_back({Store(condition), label.word, {}});
  }
  void Deny(const Condition& condition, const std::string& reason) {
    tables_.route.push_back({Store(condition), true, Text(reason), {}, {}});
  }
  void Send(const Condition& condition, const std::vector<uint32_t>& candidates) {
    tables_.route.push_back({Store(condition), false, 0, Indices(candidates), {}});
  }

  void Respond(const Condition& condition, RespondAction action, const std::string& reason = "",
               const std::vector<uint32_t>& detectors = {}) {
    tables_.respond.push_back({Store(condition), action, Text(reason), Indices(detectors), {}});
  }

  uint32_t Target(const std::string& name, uint32_t zone, Label clearance) {
    ir::Target target;
    target.name = Text(name);
    target.zone = zone;
    target.clearance = clearance.word;
    tables_.targets.push_back(target);
    return static_cast<uint32_t>(tables_.targets.size() - 1);
  }
  struct Line {
    RedactionAction action;
    std::vector<uint32_t> detectors;
    Label leaves;
  };
  uint32_t Redaction(const std::string& name, const std::vector<Line>& lines) {
    const auto begin = static_cast<uint32_t>(tables_.redaction_lines.size());
    for (const Line& line : lines) {
      tables_.redaction_lines.push_back({line.action, Indices(line.detectors), line.leaves.word});
    }
    tables_.redactions.push_back({Text(name), {begin, static_cast<uint32_t>(lines.size())}});
    return static_cast<uint32_t>(tables_.redactions.size() - 1);
  }
  uint32_t Candidate(uint32_t target, uint32_t redaction = kNoRedaction.value) {
    tables_.candidates.push_back({target, redaction});
    return static_cast<uint32_t>(tables_.candidates.size() - 1);
  }

  // The policy may not change afterwards, and must outlive the engine.
  Program MakeProgram() {
    auto tables = std::make_shared<ir::Tables>(tables_);
    artifact_ = {sizeof(hpol_artifact),
                 HPOL_ABI_VERSION,
                 static_cast<uint32_t>(codes_.size()),
                 0,
                 0,
                 codes_.data(),
                 nullptr,
                 nullptr,
                 nullptr};
    return {tables, &artifact_, tables};
  }
  std::shared_ptr<const Engine> Make(std::string key = "a key for tests") {
    return *Engine::Make(MakeProgram(), std::move(key));
  }

 private:
  ir::Range Store(const Condition& condition) {
    const auto begin = static_cast<uint32_t>(tables_.nodes.size());
    tables_.nodes.insert(tables_.nodes.end(), condition.begin(), condition.end());
    return {begin, static_cast<uint32_t>(condition.size())};
  }

  ir::Tables tables_;
  std::vector<hpol_detector_code> codes_;
  hpol_artifact artifact_{};
};

// Attributes for a request, with the memory behind them.
class Given {
 public:
  Given& Add(std::string_view name, Source source, std::vector<std::string_view> values) {
    values_.push_back(std::make_unique<std::vector<std::string_view>>(std::move(values)));
    attributes_.push_back({name, source, *values_.back()});
    return *this;
  }
  std::span<const hpol::Attribute> span() const { return attributes_; }

 private:
  std::vector<std::unique_ptr<std::vector<std::string_view>>> values_;
  std::vector<hpol::Attribute> attributes_;
};

}  // namespace hpol::hand
