// SPDX-License-Identifier: Apache-2.0
#include "lib/curl_library.h"

#include <curl/curl.h>
#include <dlfcn.h>

namespace peekr {
namespace {

// Of all names that libcurl's libraries have to find in one another most are of these two to themselves. Opened alone, each looks first
// where they are; opened with libcurl, behind a dozen others: 1 ms. Where one is not there, libcurl does without. And most of the
// functions are never called: found when they are, 0.5 ms.
constexpr const char* kLargest[] = {"libcrypto.so.3", "libgnutls.so.30"};

void* open_library() {
  for (const char* const name : kLargest) ::dlopen(name, RTLD_LAZY | RTLD_LOCAL);
  void* const library = ::dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  const auto start = reinterpret_cast<decltype(&::curl_global_init)>(::dlsym(library, "curl_global_init"));
  return start != nullptr && start(CURL_GLOBAL_DEFAULT) == CURLE_OK ? library : nullptr;
}

}  // namespace

std::string why_proxy_refuses(long status) {
  const bool may_pass = status == 408 || status == 425 || status == 429;
  if (status < 400 || status >= 500 || may_pass) return {};
  const char* what =
      status == 401 || status == 407
          ? "it wants a name and a password, or other ones: put http://USER:PASSWORD@PROXY:PORT (@ in them "
            "as %40) in "
            "https_proxy or http_proxy, or the host in no_proxy, to do without it"
          : "it lets nobody through to there: ask who runs it, or put the host in no_proxy, to do without it";
  return "the proxy says " + std::to_string(status) + ": " + what;
}

void* curl_function(const char* name) {
  static void* const library = open_library();
  return library == nullptr ? nullptr : ::dlsym(library, name);
}

}  // namespace peekr
