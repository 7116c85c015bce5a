// SPDX-License-Identifier: Apache-2.0
// Errors as values: Result<T> is a T or an Error, Status is a Result of nothing. An Error says "what: why";
// each caller that knows more puts its own words in front with within(). We do not throw.
//
//   Result<Digest> digest = Digest::parse(text);      Digest digest = TRY(Digest::parse(text));   // or
//   return the error
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace peekr {

enum class Errc { usage, not_found, io, damaged, unsupported, limit, mismatch, cancelled, busy, internal };

struct Error {
  Errc code = Errc::internal;
  std::string message;  // "what: why", lower case, no full stop

  // The same error seen from further out: "layer 3: " + message.
  [[nodiscard]] Error within(std::string_view context) const;
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

// return fail(Errc::io, "open " + path + ": " + reason);
[[nodiscard]] std::unexpected<Error> fail(Errc code, std::string message);
[[nodiscard]] std::unexpected<Error> fail(Error error);
// The message of errno, after `what: `. The code is not_found for ENOENT and ENOTDIR, else io.
[[nodiscard]] std::unexpected<Error> fail_errno(std::string_view what);

// The same result, its error (if any) seen from further out.
template <class T>
[[nodiscard]] Result<T> within(std::string_view context, Result<T> result) {
  if (!result) return std::unexpected(result.error().within(context));
  return result;
}

namespace detail {
template <class T>
T take(Result<T>&& result) {
  return *std::move(result);
}
inline void take(Status&&) {}
}  // namespace detail

}  // namespace peekr

// The value, or return the error from the enclosing function. Only as a whole statement or initialiser.
#define TRY(expression)                                                                     \
  __extension__({                                                                           \
    auto try_result = (expression);                                                         \
    if (!try_result) return std::unexpected<::peekr::Error>(std::move(try_result).error()); \
    ::peekr::detail::take(std::move(try_result));                                           \
  })
