// SPDX-License-Identifier: Apache-2.0
// libcurl, opened at its first use (dlopen): linked, it and its thirty libraries would cost every start of the program
// 15 ms. For curl.cc and http_stream.cc only: everybody else includes what those offer.
#pragma once

#include <string>

namespace peekr {

// The function of that name; null where the library is not installed, cannot start or has none of that name.
void* curl_function(const char* name);

// Points `function` to the one of that name; whether there is one.
template <class F>
bool find_curl(const char* name, F& function) {
  function = reinterpret_cast<F>(curl_function(name));
  return function != nullptr;
}

// What it means that a proxy answers with that status, and what to do; empty: another try may help, or it is no refusal. A server never says
// 407 (RFC 9110), and what a proxy says to CONNECT no server has said.
std::string why_proxy_refuses(long status);

}  // namespace peekr
