// The manifest: what a bundle says of itself to people, inventories and audits. A loader reads four members
// of it (runtime/bundle/manifest.h).
#include "compiler/driver/bundle.h"

#include <nlohmann/json.hpp>

#include "compiler/aot/bundle.h"
#include "compiler/driver/cost.h"
#include "compiler/driver/proofs.h"
#include "hpol/bundle.h"
#include "runtime/bundle/keys.h"
#include "runtime/digest/sha256.h"
#include "runtime/tables/fields.h"

namespace hpol::driver {
namespace {

using Json = nlohmann::ordered_json;

std::string DigestText(std::string_view bytes) {
  Sha256 digest;
  digest.Add(bytes);
  const Sha256Digest value = digest.Finish();
  return bundle::Hex(value.data(), value.size());
}

class Manifest {
 public:
  Manifest(const Build& build, const BundleWish& wish) : build_(build), wish_(wish), t_(*build.tables) {}

  Json Write() const {
    const std::string version(t_.Text(t_.version));
    Json json{{"policy", t_.Text(t_.policy)},
              {"version", version},
              {"minimum_version", wish_.minimum_version.empty() ? version : wish_.minimum_version},
              {"revokes", wish_.revokes},
              {"label", LabelJson(OwnLabel())},
              {"compiler", {{"name", "hpol"}, {"version", HPOL_VERSION}}},
              {"abi", HPOL_ABI_VERSION}};
    json["sources"] = Sources();
    json["levels"] = Names(t_.levels);
    json["categories"] = Names(t_.categories);
    json["inputs"] = Inputs();
    json["detectors"] = Detectors();
    json["zones"] = Each(t_.zones, [&](const ir::Zone& zone) {
      return Json{
          {"name", t_.Text(zone.name)}, {"trusted", zone.trusted}, {"clears", LabelJson({zone.clearance})}};
    });
    json["targets"] = Each(t_.targets, [&](const ir::Target& target) {
      return Json{{"name", t_.Text(target.name)},
                  {"zone", t_.Text(t_.zones[target.zone].name)},
                  {"clears", LabelJson({target.clearance})}};
    });
    json["sinks"] = Each(t_.sinks, [&](const ir::Sink& sink) {
      return Json{{"name", t_.Text(sink.name)}, {"clears", LabelJson({sink.clearance})}};
    });
    json["rules"] = {{"classify", t_.classify.size()}, {"route", t_.route.size()}};
    json["proofs"] = Json::parse(ProofManifest(build_));
    return json;
  }

 private:
  template <typename Rows, typename F>
  static Json Each(const Rows& rows, F&& describe) {
    Json array = Json::array();
    for (const auto& row : rows) array.push_back(describe(row));
    return array;
  }
  Json Names(const std::vector<ir::StringId>& ids) const {
    return Each(ids, [&](ir::StringId id) { return Json(t_.Text(id)); });
  }

  Json LabelJson(Label label) const {
    Json categories = Json::array();
    for (int i = 0; i < static_cast<int>(t_.categories.size()); ++i) {
      if (label.has_category(i)) categories.push_back(t_.Text(t_.categories[static_cast<size_t>(i)]));
    }
    return {{"level", t_.Text(t_.levels[static_cast<size_t>(label.level())])},
            {"categories", std::move(categories)}};
  }

  // A list of words is as sensitive as what it finds: the join of the rules that ask for its detector.
  Label OwnLabel() const {
    Label label;
    for (const ir::ClassifyRow& row : t_.classify) {
      for (uint32_t i = 0; i < row.condition.count; ++i) {
        const ir::Node& node = t_.nodes[row.condition.begin + i];
        if (node.kind == ir::NodeKind::kFact && AsksForWords(t_.facts[node.value]))
          label = label.Join({row.word});
      }
    }
    return label;
  }
  bool AsksForWords(const ir::Fact& fact) const {
    for (uint32_t i = 0; i < fact.detectors.count; ++i) {
      if (!build_.policy.detectors[t_.indices[fact.detectors.begin + i]].words.empty()) return true;
    }
    return false;
  }

  Json Sources() const {
    Json array = Json::array();
    for (uint32_t i = 0; i < build_.sources->size(); ++i) {
      const dsl::SourceFile& file = build_.sources->Get({i});
      array.push_back({{"file", file.name()}, {"sha256", DigestText(file.text())}});
    }
    return array;
  }

  Json Inputs() const {
    return Each(t_.attributes, [&](const ir::Attribute& attribute) {
      Json input{{"name", t_.Text(attribute.name)},
                 {"type", ir::EnumNames<AttributeType>::kNames[static_cast<size_t>(attribute.type)]},
                 {"from", ir::EnumNames<Source>::kNames[static_cast<size_t>(attribute.source)]},
                 {"optional", attribute.optional}};
      if (attribute.members.count == 0) return input;
      input["members"] = Json::array();
      for (uint32_t i = 0; i < attribute.members.count; ++i)
        input["members"].push_back(t_.Text(t_.lists[attribute.members.begin + i]));
      return input;
    });
  }

  Json Detectors() const {
    const std::vector<DetectorCost> costs = Costs(build_);
    Json array = Json::array();
    for (size_t i = 0; i < t_.detectors.size(); ++i) {
      const ir::Detector& detector = t_.detectors[i];
      array.push_back({{"name", t_.Text(detector.name)},
                       {"fires_at", TierName(detector.firing)},
                       {"max_length", detector.max_length},
                       {"context_within", detector.reach},
                       {"worst_steps_per_byte", costs[i].worst_reads},
                       {"table_bytes", costs[i].table_bytes}});
    }
    return array;
  }

  const Build& build_;
  const BundleWish& wish_;
  const ir::Tables& t_;
};

// What would be refused at every door is better refused here.
Result<bool> CheckVersions(const ir::Tables& tables, const BundleWish& wish) {
  const std::string version(tables.Text(tables.version));
  if (version.empty()) return Error{"a bundle needs a version: write `policy NAME version \"1.0.0\"`"};
  if (!IsVersion(version))
    return Error{"version \"" + version +
                 "\" cannot be compared: write numbers with points, such as \"1.4.0\""};
  if (wish.minimum_version.empty()) return true;
  if (!IsVersion(wish.minimum_version)) return Error{"`" + wish.minimum_version + "` is no version"};
  if (CompareVersions(wish.minimum_version, version) > 0)
    return Error{"the minimum version " + wish.minimum_version + " is above the policy's own, " + version};
  return true;
}

}  // namespace

Result<std::string> MakeBundle(const Build& build, const BundleWish& wish) {
  if (!build.ok() || build.tables == nullptr || build.program.filter == nullptr ||
      build.program.openings == nullptr) {
    return Error{"the policy was not compiled"};
  }
  if (const Result<bool> good = CheckVersions(*build.tables, wish); !good) return good.error();
  aot::BundleParts parts{*build.tables, build.matchers, *build.program.filter, *build.program.openings,
                         Manifest(build, wish).Write().dump(1, ' ', false, Json::error_handler_t::replace)};
  parts.machines = wish.machines;
  if (wish.source) {
    for (uint32_t i = 0; i < build.sources->size(); ++i) {
      const dsl::SourceFile& file = build.sources->Get({i});
      parts.sources.emplace_back(file.name(), file.text());
    }
  }
  return aot::WriteBundle(parts);
}

}  // namespace hpol::driver
