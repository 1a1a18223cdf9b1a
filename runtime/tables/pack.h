// Decision tables as bytes and back (runtime/abi/pack.h): how a bundle carries them. What was read back is
// still to be verified (verify.h).
#pragma once

#include "runtime/abi/pack.h"
#include "runtime/abi/tables.h"
#include "runtime/tables/fields.h"

namespace hpol::ir {

// The value of each field of a row, in the order of fields.h.
template <typename V>
struct FieldPacker {
  template <typename T>
  void operator()(const char*, T& field) {
    visit(field);
  }
  template <typename T>
  void operator()(const char*, Word<T> word) {
    visit(word.value);
  }
  void operator()(const char*, const Range& range) { visit(range.begin), visit(range.count); }
  void operator()(const char*, Range& range) { visit(range.begin), visit(range.count); }
  void operator()(const char*, const Place& place) { PlaceFields(place); }
  void operator()(const char*, Place& place) { PlaceFields(place); }

  template <typename P>
  void PlaceFields(P& place) {
    visit(place.file), visit(place.line), visit(place.begin), visit(place.end);
  }

  V& visit;
};

template <typename V, pack::Packs<Tables> T>
void PackFields(V& visit, T& tables) {
  visit(tables.policy), visit(tables.version), visit(tables.steps_off), visit(tables.strings);
  EveryTable(tables, [&](const char*, auto& rows, auto&& fields) {
    uint64_t count = rows.size();
    visit(count);
    FieldPacker<V> packer{visit};
    if constexpr (std::is_const_v<T>) {
      for (const auto& row : rows) fields(packer, row);
    } else {
      rows.clear();
      for (uint64_t i = 0; i < count && visit.good(); ++i) fields(packer, rows.emplace_back());
    }
  });
}

}  // namespace hpol::ir
