// The demo for machines (`hpol-demo --serve-json`): one JSON line says where everything is, then each
// line on the input is a command and gets one JSON line as its answer, until the input ends.
//
//   {"fault": {"server": "qwen72b", "kind": "kill"}}   none kill error500 hang cut garbage redirect
//                                                      ratelimit badjson; `none` also revives
//   {"delay": {"server": "cloud", "ms": 20}}           before answers and between words
//   {"stats": {}}                                      requests, aborted and bytes of each server
//   {"received": {"server": "cloud", "text": "abc"}}   whether the server ever received these bytes
#pragma once

#include <istream>
#include <ostream>

#include "adapters/demo/stage.h"

namespace hpol::demo {

void ServeJson(Stage& stage, std::istream& in, std::ostream& out);

}  // namespace hpol::demo
