#include "compiler/driver/derived.h"

#include <algorithm>
#include <utility>

#include "compiler/driver/derived_pack.h"
#include "compiler/pattern/openings.h"

namespace hpol::driver {
namespace {

// What was put under the key, read into `into`; false when it is not there, or not what it should be.
template <typename T, typename Sound>
bool Find(cache::Store* store, const cache::Digest& key, T& into, Sound sound) {
  if (store == nullptr) return false;
  const cache::Blob blob = store->Find(key);
  if (blob == nullptr) return false;
  pack::Unpacker unpacker(*blob);
  unpacker(into);
  return unpacker.Done() && sound(into);
}

template <typename T>
void Put(cache::Store* store, const cache::Digest& key, const T& value) {
  if (store == nullptr) return;
  pack::Packer packer;
  packer(value);
  store->Put(key, packer.Take());
}

}  // namespace

cache::Digest MatcherKey(const hir::Detector& detector) {
  cache::KeyBuilder key("matcher");
  key.Add(uint64_t{detector.patterns.size()}).Add(uint64_t{detector.words.size()});
  for (const hir::Pattern& pattern : detector.patterns) {
    key.Add(pattern.text).Add(uint64_t{pattern.bounded}).Add(uint64_t{pattern.ignoring_case});
  }
  for (const hir::WordList& list : detector.words) {
    key.Add(uint64_t{list.words.size()}).Add(uint64_t{list.ignoring_case});
    for (const std::string& word : list.words) key.Add(word);
  }
  return key.Finish();
}

cache::Digest MatchersKey(const std::vector<hir::Detector>& detectors) {
  cache::KeyBuilder key("matchers");
  for (const hir::Detector& detector : detectors) key.Add(MatcherKey(detector));
  return key.Finish();
}

std::optional<pattern::Matcher> MatcherOf(const hir::Detector& detector, dsl::Diagnostics& diagnostics,
                                          cache::Store* store, MadeAnew& anew) {
  const cache::Digest key = MatcherKey(detector);
  pattern::Matcher found;
  const auto sound = [](const pattern::Matcher& each) { return IsSound(each); };
  if (Find(store, key, found, sound)) return found;
  const size_t said = diagnostics.all().size();
  std::optional<pattern::Matcher> matcher = pattern::Compile(detector, diagnostics);
  ++anew.matchers;
  if (matcher && diagnostics.all().size() == said) Put(store, key, *matcher);
  return matcher;
}

std::shared_ptr<const Filtering> FilteringOf(const std::vector<hir::Detector>& detectors,
                                             const std::vector<pattern::Matcher>& matchers,
                                             cache::Store* store, MadeAnew& anew) {
  const cache::Digest key = cache::KeyBuilder("filtering").Add(MatchersKey(detectors)).Finish();
  auto filtering = std::make_shared<Filtering>();
  const auto sound = [&](const Filtering& found) { return IsSound(found, matchers.size()); };
  if (Find(store, key, *filtering, sound)) return filtering;
  *filtering = {filter::Derive(detectors, matchers), pattern::FindOpenings(matchers)};
  ++anew.filters;
  Put(store, key, *filtering);
  return filtering;
}

}  // namespace hpol::driver
