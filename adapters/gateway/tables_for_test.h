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
    AddZone("private", true, tables.Top().word, {"127.0.0.0/8", "*.gpu.internal"});
    AddZone("cloud", false, 0, {});
    AddTarget("qwen72b", 0, tables.Top().word, {"qwen2.5-72b-*"}, 64);
    AddTarget("gpt4o", 1, 0, {}, 0);
    tables.sinks.emplace_back().name = Id("receipts");
    tables.detectors.emplace_back().name = Id("us_ssn");
    tables.route.emplace_back().place = PlaceAt(72);
    tables.route.back().deny = true;
    tables.route.back().reason = Id("secret reason");
    tables.classify.emplace_back().place = PlaceAt(30);
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
  ir::Place PlaceAt(uint32_t line) {
    ir::Place place;
    place.file = Id("/etc/hpol/acme.hpol");
    place.line = line;
    return place;
  }
  // Tables gain members as the language grows, so these name the ones they set.
  void AddAttribute(const char* name, AttributeType type, Source source, bool optional,
                    const std::vector<std::string>& members) {
    ir::Attribute attribute;
    attribute.name = Id(name);
    attribute.type = type;
    attribute.source = source;
    attribute.optional = optional;
    attribute.members = List(members);
    tables.attributes.push_back(attribute);
  }
  void AddZone(const char* name, bool trusted, uint64_t clearance, const std::vector<std::string>& hosts) {
    ir::Zone zone;
    zone.name = Id(name);
    zone.trusted = trusted;
    zone.tls_required = !trusted;
    zone.clearance = clearance;
    zone.hosts = List(hosts);
    tables.zones.push_back(zone);
  }
  void AddTarget(const char* name, uint32_t zone, uint64_t clearance, const std::vector<std::string>& models,
                 uint32_t capacity) {
    ir::Target target;
    target.name = Id(name);
    target.zone = zone;
    target.clearance = clearance;
    target.models = List(models);
    target.capacity = capacity;
    tables.targets.push_back(target);
  }
};

}  // namespace hpol::gateway
