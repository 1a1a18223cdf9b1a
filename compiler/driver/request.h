// A request as people and CI write it (`hpol eval --request R.json`), and the
// `given` part of a test block, as the views that an engine reads.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/hir/hir.h"
#include "hpol/engine.h"

namespace hpol::driver {

// Owns what its `view()` refers to. Movable: strings live in deques that do not move their elements.
class OwnedRequest {
 public:
  // {"text": "…"} or {"body": {…} | "raw JSON"}, "attributes": {name: value | [values]},
  // "sources": {name: "identity" | "gateway" | "caller"} (default: as declared), "unscanned": bool.
  // The error names the field and what was expected.
  static Result<OwnedRequest> FromJson(std::string_view json, const hir::Policy& policy);

  // The request of a policy's own test block.
  static OwnedRequest FromTest(const hir::Policy& policy, const hir::Test& test);

  Request view() const;

 private:
  struct OwnedAttribute {
    std::string name;
    Source source = Source::kNone;
    std::deque<std::string> values;
    std::vector<std::string_view> views;
  };
  void Add(std::string name, Source source, std::vector<std::string> values);

  Surface surface_ = Surface::kText;
  bool unscanned_ = false;
  std::deque<std::string> body_;
  std::deque<OwnedAttribute> attributes_;
  std::vector<Attribute> attribute_views_;
};

}  // namespace hpol::driver
