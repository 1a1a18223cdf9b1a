#include "compiler/driver/proofs.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "compiler/prove/prove.h"

namespace hpol::driver {
namespace {

using Json = nlohmann::ordered_json;
using prove::KindName;
using prove::Proof;
using prove::Status;
using prove::StatusName;

Json Claim(const Proof& proof) {
  Json claim{{"kind", KindName(proof.kind)}, {"title", proof.title}, {"status", StatusName(proof.status)}};
  if (!proof.note.empty()) claim["note"] = proof.note;
  return claim;
}

std::string Milliseconds(double milliseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", milliseconds);
  return text;
}

std::string Indented(const std::string& block, const std::string& indent) {
  std::string text = indent;
  for (size_t i = 0; i + 1 < block.size(); ++i) {
    text += block[i];
    if (block[i] == '\n') text += indent;
  }
  return text + "\n";
}

std::string Xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
    }
  }
  return out;
}

size_t LineOf(const Build& build, dsl::Span span) {
  return build.sources->Get(span.file).Locate(span.begin).line;
}

std::string Story(const Build& build, const prove::Proof& proof) {
  return prove::RequestText(build.policy, *proof.example) + ": labelled `" +
         hir::LabelText(proof.example->outcome.label, build.policy.levels, build.policy.categories) + "`";
}

}  // namespace

std::string Confirmed(const prove::Example& example) {
  if (example.replayed) return "replayed on the compiled code";
  if (example.written) return "scanned again";
  return "no text made of the detectors' samples has exactly these findings";
}

std::string ProofTable(const Build& build) {
  size_t width = 0;
  for (const Proof& proof : build.proofs.proofs) width = std::max(width, proof.title.size());
  std::string text;
  for (const Proof& proof : build.proofs.proofs) {
    std::string title = proof.title;
    title.resize(width, ' ');
    text += std::string(StatusName(proof.status)) + (proof.status == Status::kUnknown ? " " : "  ") + title +
            "  " + Milliseconds(proof.milliseconds) + "\n";
    if (!proof.note.empty()) text += "        " + proof.note + "\n";
    if (!proof.example) continue;
    text += "        example: " + Story(build, proof) + " (" + Confirmed(*proof.example) + ")\n";
    const std::optional<std::string> block = prove::TestBlock(build.policy, *proof.example, proof.title);
    if (block) text += Indented(*block, "        ");
  }
  char last[160];
  std::snprintf(last, sizeof last, "%zu proofs in %.1f ms: %zu nodes, %zu questions to %s\n",
                build.proofs.proofs.size(), build.proofs.milliseconds, build.proofs.nodes,
                build.proofs.questions, prove::SolverName().c_str());
  return text + last;
}

std::string ProofManifest(const Build& build) {
  Json proofs = Json::array();
  for (const Proof& proof : build.proofs.proofs) proofs.push_back(Claim(proof));
  return Json{{"solver", prove::SolverName()},
              {"ways", build.proofs.ways},
              {"ways_proved", build.proofs.ways_proved},
              {"results", std::move(proofs)}}
      .dump();
}

std::string ProofJson(const Build& build) {
  Json proofs = Json::array();
  for (const Proof& proof : build.proofs.proofs) {
    Json one = Claim(proof);
    one["milliseconds"] = proof.milliseconds;
    if (proof.example) {
      one["example"] = {{"request", Story(build, proof)}, {"confirmed", Confirmed(*proof.example)}};
      const std::optional<std::string> block = prove::TestBlock(build.policy, *proof.example, proof.title);
      if (block) one["example"]["test"] = *block;
    }
    proofs.push_back(std::move(one));
  }
  const Json json{{"policy", build.policy.name},
                  {"version", build.policy.version},
                  {"solver", prove::SolverName()},
                  {"ways", build.proofs.ways},
                  {"ways_proved", build.proofs.ways_proved},
                  {"milliseconds", build.proofs.milliseconds},
                  {"proofs", std::move(proofs)}};
  return json.dump(2) + "\n";
}

std::string ProofSarif(const Build& build) {
  Json results = Json::array();
  for (const Proof& proof : build.proofs.proofs) {
    if (proof.status == Status::kProved) continue;
    const bool fails = proof.kind != Proof::Kind::kCoverage || proof.status == Status::kUnknown;
    std::string message = proof.title + ": " + StatusName(proof.status);
    if (proof.example) message += ". Example: " + Story(build, proof);
    const dsl::SourceFile& file = build.sources->Get(proof.span.file);
    results.push_back(
        {{"ruleId", KindName(proof.kind)},
         {"level", fails ? "error" : "warning"},
         {"message", {{"text", message}}},
         {"locations", Json::array({{{"physicalLocation",
                                      {{"artifactLocation", {{"uri", file.name()}}},
                                       {"region", {{"startLine", LineOf(build, proof.span)}}}}}}})}});
  }
  const Json json{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", Json::array({{{"tool", {{"driver", {{"name", "hpol prove"}}}}}, {"results", results}}})}};
  return json.dump(2) + "\n";
}

std::string ProofJunit(const Build& build) {
  size_t failed = 0;
  std::string cases;
  for (const Proof& proof : build.proofs.proofs) {
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.6f", proof.milliseconds / 1000);
    cases += "  <testcase classname=\"" + std::string(KindName(proof.kind)) + "\" name=\"" +
             Xml(proof.title) + "\" time=\"" + seconds + "\"";
    if (proof.status == Status::kProved) {
      cases += "/>\n";
      continue;
    }
    ++failed;
    cases += ">\n    <failure message=\"" + std::string(StatusName(proof.status)) + "\">" +
             (proof.example ? Xml(Story(build, proof)) : std::string()) + "</failure>\n  </testcase>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"" + Xml(build.policy.name) +
         "\" tests=\"" + std::to_string(build.proofs.proofs.size()) + "\" failures=\"" +
         std::to_string(failed) + "\">\n" + cases + "</testsuite>\n";
}

}  // namespace hpol::driver
