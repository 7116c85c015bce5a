// SPDX-License-Identifier: Apache-2.0
#include "lib/curl_library.h"

#include <curl/curl.h>
#include <dlfcn.h>

namespace peekr {
namespace {

void* open_library() {
  void* const library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  const auto start = reinterpret_cast<decltype(&::curl_global_init)>(::dlsym(library, "curl_global_init"));
  return start != nullptr && start(CURL_GLOBAL_DEFAULT) == CURLE_OK ? library : nullptr;
}

}  // namespace

void* curl_function(const char* name) {
  static void* const library = open_library();
  return library == nullptr ? nullptr : ::dlsym(library, name);
}

}  // namespace peekr
