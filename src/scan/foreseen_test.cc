// SPDX-License-Identifier: Apache-2.0
#include "scan/foreseen.h"

#include <gtest/gtest.h>

#include "image/record.h"

namespace peekr {
namespace {

Inventory inventory_with(const std::string& package) {
  Inventory all;
  all.packages.push_back({.type = "deb", .name = package});
  return all;
}

TEST(Foreseen, WhatANameMeantLastIsUnpackedBeforeItIsAskedFor) {
  Cache cache("");
  Request request{.image = {.text = "registry.test/app:1"}, .read = {.cache = &cache}};
  EXPECT_FALSE(foresee(request).inventory);
  const std::string key = Cache::key("image");
  cache.save(key, pack(inventory_with("bash")));
  foretell(request, key);
  const Foreseen known = foresee(request);
  EXPECT_EQ(known.key, key);
  ASSERT_TRUE(known.inventory);
  EXPECT_EQ(known.inventory->packages.at(0).name, "bash");
}

TEST(Foreseen, OfAnotherNameOrAnotherQuestionNothingIsKnown) {
  Cache cache("");
  const Request request{.image = {.text = "registry.test/app:1"}, .read = {.cache = &cache}};
  const std::string key = Cache::key("image");
  cache.save(key, pack(inventory_with("bash")));
  foretell(request, key);
  ASSERT_TRUE(foresee(request).inventory);
  std::vector<Request> others(6, request);
  others[0].image.text = "registry.test/app:2";
  others[1].image.platform = "linux/arm64";
  others[2].types = PackageTypes::system;
  others[3].declared = true;
  others[4].read.verify = Verify::full;
  others[5].read.cache = nullptr;
  for (const Request& other : others) EXPECT_FALSE(foresee(other).inventory);
}

TEST(Foreseen, WhatTheCacheHasNoMoreIsNotKnown) {
  Cache cache("");
  const Request request{.image = {.text = "registry.test/app:1"}, .read = {.cache = &cache}};
  foretell(request, Cache::key("image"));
  EXPECT_FALSE(foresee(request).inventory);
  foretell(request, "");
}

}  // namespace
}  // namespace peekr
