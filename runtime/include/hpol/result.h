// Result<T>: a value, or an error that must be looked at. Used at every public
// boundary instead of exceptions. (std::expected is not in libc++ 14.)
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace hpol {

// What went wrong, in words for a person. Never contains request text.
struct Error {
  std::string message;
};

// Holds exactly one of T and Error. Reading the side that is not held is a
// programming error (asserted). Movable if T is; as thread-safe as T.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return state_.index() == 0; }
  bool ok() const { return state_.index() == 0; }

  const T& operator*() const& { return *std::get_if<0>(&state_); }
  T& operator*() & { return *std::get_if<0>(&state_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }

  const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace hpol
