// Random requests for one policy: inputs that are right, missing, ill-typed or from the wrong
// source, and bodies made of texts that its detectors find, nearly find, or have nothing to do with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"
#include "hpol/engine.h"
#include "tests/differential/detectors.h"
#include "tests/differential/random.h"

namespace hpol::differential {

struct GivenAttribute {
  std::string name;
  Source source = Source::kNone;
  std::vector<std::string> values;
};

// Owns what a Request only points to.
struct RequestSource {
  Surface surface = Surface::kText;
  std::string body;
  std::vector<GivenAttribute> attributes;
  bool unscanned = false;

  std::string Describe() const;
};

// A Request into a RequestSource, which must outlive it.
class RequestView {
 public:
  explicit RequestView(const RequestSource& source);
  RequestView(const RequestView&) = delete;
  RequestView& operator=(const RequestView&) = delete;
  const Request& request() const { return request_; }

 private:
  std::vector<std::vector<std::string_view>> values_;
  std::vector<Attribute> attributes_;
  Request request_;
};

RequestSource RandomRequest(const hir::Policy& policy, const std::vector<DetectorSource>& detectors,
                            Random& random);

}  // namespace hpol::differential
