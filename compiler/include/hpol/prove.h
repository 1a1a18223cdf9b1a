// Proving a compiled policy again, from its tables alone: a proof result in a bundle's manifest is only what
// its signer claims. Needs neither the policy's source nor a code generator. Safe to call from several
// threads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hpol {

namespace ir {
struct Tables;
}

struct ProvedAgain {
  struct Claim {
    std::string kind;    // clearance, caller, coverage, guarantee
    std::string title;   // of a guarantee, as the policy has it
    std::string status;  // proved, broken, unknown
    std::string note;
    std::string example;  // a request that breaks it, in words; empty: none
    double milliseconds = 0;
  };
  std::vector<Claim> claims;
  // Why the bundle is not to be believed, in words that hold no text of requests; empty: every candidate is
  // cleared, callers gain nothing, every guarantee holds, and the manifest claims nothing beyond that.
  std::string failure;
  double milliseconds = 0;
  bool holds() const { return failure.empty(); }
};

// `tables` as a loaded bundle has them, so verified; `manifest` is BundleInfo::manifest. Total: what cannot
// be read or is not finished is a failure.
ProvedAgain ProveAgain(const ir::Tables& tables, std::string_view manifest);

}  // namespace hpol
