// A small policy's tables, written by hand, so that tests of the gateway's parts need no
// compiler.
#pragma once

#include <string>
#include <vector>

#include "runtime/abi/tables.h"

namespace hpol::gateway {

class TablesForTest {
 public:
  TablesForTest() {
    Id("");
    tables.policy = Id("acme");
    tables.version = Id("1");
    tables.levels = {Id("public"), Id("internal"), Id("confidential")};
    tables.categories = {Id("pseudonymous"), Id("pii")};
    AddAttribute("department", AttributeType::kEnum, Source::kIdentity, false, {"legal", "marketing"});
    AddAttribute("region", AttributeType::kEnum, Source::kIdentity, true, {"us", "eu"});
    AddAttribute("env", AttributeType::kEnum, Source::kGateway, true, {"prod", "test"});
    AddAttribute("purpose", AttributeType::kString, Source::kCaller, true, {});
    AddAttribute("roles", AttributeType::kEnumSet, Source::kIdentity, true, {"admin", "user"});
    tables.zones.push_back(
        {Id("private"), true, false, tables.Top().word, List({"127.0.0.0/8", "*.gpu.internal"})});
    tables.zones.push_back({Id("cloud"), false, true, 0, {}});
    tables.targets.push_back({Id("qwen72b"), 0, tables.Top().word, List({"qwen2.5-72b-*"}), 0, 64});
    tables.targets.push_back({Id("gpt4o"), 1, 0, {}, 0, 0});
    tables.sinks.push_back({Id("receipts"), 0});
    tables.detectors.push_back({Id("us_ssn"), Tier::kChecksum, 1, {}, true, 11});
    tables.route.push_back({{}, true, Id("secret reason"), {}, {Id("/etc/hpol/acme.hpol"), 72, 0, 0}});
    tables.classify.push_back({{}, 1, {Id("/etc/hpol/acme.hpol"), 30, 0, 0}});
  }

  ir::Tables tables;

 private:
  ir::StringId Id(std::string text) {
    tables.strings.push_back(std::move(text));
    return static_cast<ir::StringId>(tables.strings.size() - 1);
  }
  ir::Range List(const std::vector<std::string>& words) {
    std::vector<ir::StringId> ids;
    for (const std::string& word : words) ids.push_back(Id(word));
    const ir::Range range{static_cast<uint32_t>(tables.lists.size()), static_cast<uint32_t>(ids.size())};
    tables.lists.insert(tables.lists.end(), ids.begin(), ids.end());
    return range;
  }
  void AddAttribute(const char* name, AttributeType type, Source source, bool optional,
                    const std::vector<std::string>& members) {
    tables.attributes.push_back({Id(name), type, source, optional, List(members)});
  }
};

}  // namespace hpol::gateway
