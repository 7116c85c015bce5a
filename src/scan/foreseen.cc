// SPDX-License-Identifier: Apache-2.0
#include "scan/foreseen.h"

#include <unistd.h>

#include "base/timer.h"
#include "catalog/catalog.h"
#include "image/record.h"

namespace peekr {
namespace {

// Only what is known before the image is opened. All else that an inventory depends on is in its key.
std::string family_of(const Request& request) {
  return "last 1 " + std::string(reader(request.types).version()) + (request.declared ? " declared " : " ") +
         request.image.platform + " " + request.image.text;
}

bool looks_in_cache(const Request& request) {
  return request.read.cache != nullptr && request.read.verify != Verify::full;
}

}  // namespace

Foreseen foresee(const Request& request) {
  if (!looks_in_cache(request) || ::access(request.image.text.c_str(), F_OK) == 0) return {};
  const Timer timer("scan/foresee");
  Cache& cache = *request.read.cache;
  const std::string family = family_of(request);
  const std::vector<std::string> all = cache.keys_of(family);
  std::string key = all.empty() ? "" : cache.load(all.front()).value_or("");
  if (key.empty() || Cache::key(family, key) != all.front()) return {};
  std::optional<Inventory> inventory = load_inventory(key, cache);
  return {std::move(key), std::move(inventory)};
}

void foretell(const Request& request, const std::string& key) {
  if (!key.empty() && looks_in_cache(request))
    request.read.cache->save(Cache::key(family_of(request), key), key);
}

}  // namespace peekr
