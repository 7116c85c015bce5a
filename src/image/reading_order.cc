// SPDX-License-Identifier: Apache-2.0
#include "image/reading_order.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <tuple>

#include "base/pool.h"

namespace peekr {
namespace {

// Whether the cache has something of it.
bool is_cached(const LayerJob& job, std::uint32_t index) {
  const std::string key = layer_key(job.image, index, job.reader, job.options);
  return !key.empty() && job.options.cache->use(key);
}

}  // namespace

unsigned threads_for(const Image& image, const ReadOptions& options) {
  constexpr unsigned kFetched = 4;
  if (options.threads > 0 || !image.fetched) return options.threads;
  return std::max(kFetched, Pool().threads());
}

unsigned lines_for(const ReadOptions& options, unsigned threads) {
  constexpr unsigned kLines = 8;
  return options.threads > 0 ? threads : std::max(kLines, threads);
}

std::vector<std::uint32_t> order_of(const LayerJob& job) {
  const std::vector<LayerInfo>& layers = job.image.info.layers;
  std::vector<std::tuple<bool, bool, std::uint64_t, std::size_t>> keys;
  for (std::uint32_t i = 0; i < layers.size(); ++i) {
    const bool cached = is_cached(job, i);
    keys.emplace_back(i == 0, !cached, cached ? 0 : layers[i].size, layers.size() - i);
  }
  std::vector<std::uint32_t> order(layers.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, std::greater<>(), [&](std::uint32_t i) { return keys[i]; });
  return order;
}

}  // namespace peekr
