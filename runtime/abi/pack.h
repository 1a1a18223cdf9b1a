// Plain data as bytes and back. A type is packed by listing its fields once, for both directions:
//
//   template <typename V, pack::Packs<Thing> T>
//   void PackFields(V& visit, T& thing) { auto& [a, b] = thing; visit(a); visit(b); }
//
// Naming every field in a structured binding makes a field that is forgotten an error of the compiler.
// Numbers are written as a little-endian machine keeps them: hpol is built for no other.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hpol::pack {

static_assert(std::endian::native == std::endian::little);

// T is Thing, perhaps const.
template <typename T, typename Thing>
concept Packs = std::same_as<std::remove_const_t<T>, Thing>;

// Types without padding or pointers: their bytes are what they are.
template <typename T>
concept Flat =
    std::is_trivially_copyable_v<T> &&
    (std::has_unique_object_representations_v<T> || std::is_floating_point_v<T>) && !std::is_pointer_v<T>;

class Packer {
 public:
  template <typename T>
  void operator()(const T& value) {
    if constexpr (Flat<T>) {
      Raw(&value, sizeof value);
    } else {
      PackFields(*this, value);
    }
  }
  void operator()(const std::string& text) {
    (*this)(uint64_t{text.size()});
    Raw(text.data(), text.size());
  }
  template <size_t N>
  void operator()(const std::bitset<N>& bits) {
    for (size_t i = 0; i < N; ++i) (*this)(bits[i]);
  }
  template <typename T>
  void operator()(const std::vector<T>& all) {
    (*this)(uint64_t{all.size()});
    if constexpr (std::is_same_v<T, bool>) {
      for (size_t i = 0; i < all.size(); i += 8) {
        uint8_t bits = 0;
        for (size_t k = i; k < all.size() && k < i + 8; ++k) bits |= static_cast<uint8_t>(all[k] << (k - i));
        (*this)(bits);
      }
    } else if constexpr (Flat<T>) {
      Raw(all.data(), all.size() * sizeof(T));
    } else {
      for (const T& each : all) (*this)(each);
    }
  }
  std::string Take() { return std::move(bytes_); }

 private:
  void Raw(const void* from, size_t size) { bytes_.append(static_cast<const char*>(from), size); }
  std::string bytes_;
};

// Reads what a Packer wrote, in the same order. After anything odd every read leaves its value as it is, and
// Done() is false.
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : bytes_(bytes) {}

  template <typename T>
  void operator()(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      uint8_t byte = 0;
      (*this)(byte);
      good_ = good_ && byte <= 1;
      value = byte != 0;
    } else if constexpr (Flat<T>) {
      Raw(&value, sizeof value);
    } else {
      PackFields(*this, value);
    }
  }
  void operator()(std::string& text) {
    text.resize(Count(1));
    Raw(text.data(), text.size());
  }
  template <size_t N>
  void operator()(std::bitset<N>& bits) {
    for (size_t i = 0; i < N; ++i) {
      bool bit = false;
      (*this)(bit);
      bits[i] = bit;
    }
  }
  template <typename T>
  void operator()(std::vector<T>& all) {
    if constexpr (std::is_same_v<T, bool>) {
      uint64_t count = 0;
      (*this)(count);
      if (count > bytes_.size() * 8) good_ = false;
      all.assign(good_ ? count : 0, false);
      for (size_t i = 0; i < all.size(); i += 8) {
        uint8_t bits = 0;
        (*this)(bits);
        if (bits == 0) continue;  // most of them
        for (size_t k = i; k < all.size() && k < i + 8; ++k) all[k] = ((bits >> (k - i)) & 1) != 0;
      }
    } else if constexpr (Flat<T>) {
      all.resize(Count(sizeof(T)));
      Raw(all.data(), all.size() * sizeof(T));
    } else {
      // Elements may be larger in memory than the bytes that claim them: none is made before it is read.
      const size_t count = Count(1);
      all.clear();
      all.reserve(std::min<size_t>(count, 1024));
      for (size_t i = 0; i < count && good_; ++i) (*this)(all.emplace_back());
    }
  }

  // What was read is odd, for a reason of the reader's.
  void Refuse() { good_ = false; }

  // Nothing odd so far.
  bool good() const { return good_; }

  // Whether all was read, and nothing odd.
  bool Done() const { return good_ && bytes_.empty(); }

 private:
  // How many elements follow: never more than there are bytes for.
  size_t Count(size_t element) {
    uint64_t count = 0;
    (*this)(count);
    if (count > bytes_.size() / element) good_ = false;
    return good_ ? count : 0;
  }
  void Raw(void* to, size_t size) {
    if (!good_ || size > bytes_.size()) {
      good_ = false;
      return;
    }
    if (size > 0) std::memcpy(to, bytes_.data(), size);
    bytes_.remove_prefix(size);
  }

  std::string_view bytes_;
  bool good_ = true;
};

}  // namespace hpol::pack
