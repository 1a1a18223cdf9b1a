// Door: hpol/prove.h. What a bundle claims, proved again from its tables.
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "compiler/prove/prove.h"
#include "compiler/prove/tables.h"
#include "hpol/prove.h"

namespace hpol {
namespace {

using prove::Proof;
using prove::Status;
using Claims = std::multiset<std::pair<std::string, std::string>>;  // kind, title

// What the manifest says is proved; false when it cannot be read.
bool ReadClaims(std::string_view manifest, Claims& claims) {
  const nlohmann::json json = nlohmann::json::parse(manifest, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("proofs") || !json["proofs"].is_object()) return false;
  const nlohmann::json& proofs = json["proofs"];
  if (!proofs.contains("results") || !proofs["results"].is_array()) return false;
  for (const nlohmann::json& result : proofs["results"]) {
    if (!result.is_object()) return false;
    for (const char* member : {"kind", "title", "status"})
      if (!result.contains(member) || !result[member].is_string()) return false;
    if (result["status"] == prove::StatusName(Status::kProved))
      claims.emplace(result["kind"].get<std::string>(), result["title"].get<std::string>());
  }
  return true;
}

// A request that no rule decides is denied: that alone breaks no promise.
bool MayBeBroken(const Proof& proof) {
  return proof.kind == Proof::Kind::kCoverage && proof.status == Status::kBroken;
}

}  // namespace

ProvedAgain ProveAgain(const ir::Tables& tables, std::string_view manifest) {
  ProvedAgain again;
  Claims claims;
  if (!ReadClaims(manifest, claims)) again.failure = "the manifest's proofs cannot be read";
  const hir::Policy policy = prove::PolicyOf(tables);
  prove::Options options;
  options.rules = false;
  options.texts = false;
  dsl::Diagnostics diagnostics;
  const prove::Report report = prove::Prove(policy, options, diagnostics);
  again.milliseconds = report.milliseconds;
  const auto fail = [&again](std::string why) {
    if (again.failure.empty()) again.failure = std::move(why);
  };
  if (!report.fault.empty()) fail("internal error: " + report.fault);
  if (report.proofs.empty()) fail("nothing could be proved: no request meets what the policy requires");
  for (const Proof& proof : report.proofs) {
    ProvedAgain::Claim& claim = again.claims.emplace_back();
    claim.kind = prove::KindName(proof.kind);
    claim.title = proof.title;
    claim.status = prove::StatusName(proof.status);
    claim.note = proof.note;
    claim.milliseconds = proof.milliseconds;
    if (proof.example) claim.example = prove::RequestText(policy, *proof.example);
    if (proof.status != Status::kProved && !MayBeBroken(proof))
      fail("`" + proof.title + "` is " + (proof.status == Status::kBroken ? "broken" : "not known to hold"));
    if (proof.status != Status::kProved) continue;
    const auto claimed = claims.find({claim.kind, claim.title});
    if (claimed != claims.end()) claims.erase(claimed);
  }
  if (!claims.empty())
    fail("the manifest claims `" + claims.begin()->second + "`, which its tables do not show");
  for (const dsl::Diagnostic& one : diagnostics.all())
    if (one.severity == dsl::Severity::kError) fail(one.message);
  return again;
}

}  // namespace hpol
