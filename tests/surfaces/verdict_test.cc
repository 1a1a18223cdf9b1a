// The same verdict everywhere: a prompt is the same prompt in whatever field of whatever surface it stands.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "runtime/surface/body_for_test.h"
#include "runtime/surface/surface.h"
#include "tests/surfaces/desk.h"
#include "tests/surfaces/prompts.h"

namespace hpol::surface_tests {
namespace {

using nlohmann::json;
using surface::kSurfaces;
using surface::Row;
using surface::Rule;
using Type = surface::Field::Type;

// A field that carries text, and how text stands there.
struct Place {
  Surface surface;
  std::string path;
  enum class Form : uint8_t { kString, kInArray, kInObject } form = Form::kString;
};

std::vector<Place> TextPlaces() {
  std::vector<Place> places;
  for (const Surface surface : kSurfaces) {
    for (const Row& row : surface::RowsOf(surface)) {
      const bool text = row.rule == Rule::kText || row.rule == Rule::kTokens || row.rule == Rule::kFree ||
                        row.rule == Rule::kSchema || row.rule == Rule::kScan;
      if (!text || row.field_class != surface::Field::Class::kContent) continue;
      // In an opaque neighbourhood the label is the top one whatever stands here.
      if (row.path == "messages[].content[].source.data") continue;
      const std::string path(row.path);
      if (surface::Has(row.type, Type::kString)) {
        places.push_back({surface, path, Place::Form::kString});
      } else if (row.rule == Rule::kFree || row.rule == Rule::kSchema) {
        const bool array = surface::Has(row.type, Type::kArray);
        places.push_back({surface, path, array ? Place::Form::kInArray : Place::Form::kInObject});
      }
    }
  }
  return places;
}

std::string Body(const Place& place, const std::string& text, bool stream) {
  const json value = place.form == Place::Form::kInArray    ? json::array({text})
                     : place.form == Place::Form::kInObject ? json{{"description", text}}
                                                            : json(text);
  std::string body = surface::BodyWith(place.surface, place.path, value.dump());
  // A member at its end, in front of the last brace.
  if (surface::Resolve(place.surface, "stream").rest.empty()) {
    body.insert(body.size() - 1, stream ? R"(,"stream":true)" : R"(,"stream":false)");
  }
  return body;
}

// Detectors that found something, once each.
std::vector<uint32_t> Detectors(const Decision& decision) {
  std::vector<uint32_t> ids;
  for (const Finding& finding : decision.findings()) ids.push_back(finding.detector.value);
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

struct Verdict {
  Label label;
  std::vector<uint32_t> detectors;
  std::vector<uint32_t> targets;
  std::vector<std::string> texts;  // what leaves, by candidate; empty: not allowed
  bool operator==(const Verdict&) const = default;
};

// All strings of a body: the written text is one of them.
void Strings(const json& value, std::vector<std::string>& out) {
  if (value.is_string()) out.push_back(value);
  for (const json& inside : value.is_structured() ? value : json::array()) Strings(inside, out);
}

Verdict Of(Desk& desk, Surface surface, const std::string& body) {
  Verdict verdict;
  const Decision& decision = desk.Decide(surface, body);
  verdict.label = decision.label();
  verdict.detectors = Detectors(decision);
  for (const Candidate& candidate : decision.candidates()) verdict.targets.push_back(candidate.target.value);
  for (const Desk::Sent& sent : desk.Render()) verdict.texts.push_back(sent.body);
  return verdict;
}

// `verdict` of a JSON body, with the text that `plain` has where the body has it.
bool SameTexts(const Verdict& plain, const Verdict& verdict) {
  if (plain.texts.size() != verdict.texts.size()) return false;
  for (size_t i = 0; i < plain.texts.size(); ++i) {
    if (plain.texts[i].empty() != verdict.texts[i].empty()) return false;
    if (plain.texts[i].empty()) continue;
    std::vector<std::string> strings;
    Strings(json::parse(verdict.texts[i]), strings);
    if (std::ranges::find(strings, plain.texts[i]) == strings.end()) return false;
  }
  return true;
}

TEST(SameVerdict, EveryPromptInEveryFieldOfEverySurface) {
  const std::vector<Place> places = TextPlaces();
  const std::vector<Prompt> prompts = MakePrompts(500);
  EXPECT_GT(places.size(), 120u);
  Desk desk;
  size_t asked = 0, redacted = 0;
  size_t levels[3] = {};
  for (const Prompt& prompt : prompts) {
    const Verdict plain = Of(desk, Surface::kText, prompt.text);
    ASSERT_EQ(plain.label.level(), prompt.level) << prompt.text;
    ++levels[prompt.level];
    for (const std::string& text : plain.texts) redacted += !text.empty() && text != prompt.text ? 1 : 0;
    for (const Place& place : places) {
      for (const bool stream : {false, true}) {
        const std::string body = Body(place, prompt.text, stream);
        const Verdict verdict = Of(desk, place.surface, body);
        ++asked;
        ASSERT_EQ(verdict.label, plain.label) << SurfaceName(place.surface) << " " << place.path << "\n"
                                              << body;
        ASSERT_EQ(verdict.detectors, plain.detectors) << SurfaceName(place.surface) << "\n" << body;
        ASSERT_EQ(verdict.targets, plain.targets) << SurfaceName(place.surface) << "\n" << body;
        ASSERT_TRUE(SameTexts(plain, verdict)) << SurfaceName(place.surface) << "\n" << body;
      }
    }
  }
  EXPECT_EQ(asked, prompts.size() * places.size() * 2);
  EXPECT_GT(redacted, 50u);
  for (const size_t level : levels) EXPECT_GT(level, 30u);
}

}  // namespace
}  // namespace hpol::surface_tests
