// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <cerrno>
#include <cstring>

namespace peekr {

Error Error::within(std::string_view context) const { return {code, std::string(context) + ": " + message}; }

std::unexpected<Error> fail(Errc code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

std::unexpected<Error> fail_errno(std::string_view what) {
  const int number = errno;
  const bool absent = number == ENOENT || number == ENOTDIR;
  return fail(absent ? Errc::not_found : Errc::io, std::string(what) + ": " + std::strerror(number));
}

}  // namespace peekr
