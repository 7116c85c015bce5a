// SPDX-License-Identifier: Apache-2.0
// Compares per second of each scheme: typical versions of its distributions, and the dearest kind of pair,
// two long versions that differ in their last character.
#include <benchmark/benchmark.h>

#include <array>
#include <string>
#include <string_view>

#include "version/scheme.h"

namespace {

using Versions = std::array<std::string_view, 4>;
constexpr Versions kDeb = {"2.19-18+deb8u2", "2.19-18+deb8u3", "1:9.2p1-2+deb12u3",
                           "7u151-2.6.11-2ubuntu0.14.04.1"};
constexpr Versions kRpm = {"0:3.10.0-229.1.2.el7", "0:3.10.0-229.4.2.el7", "1:1.1.1k-9.el8_7",
                           "2.9.7-16.el8_8.1"};
constexpr Versions kApk = {"3.0.13-r1", "3.0.14-r0", "1.36.1-r29", "2.9.11_pre20061021-r2"};

void pairs(benchmark::State& state, std::string_view scheme, Versions versions) {
  const peekr::Scheme* row = peekr::find_scheme(scheme);
  for (auto step : state) {
    for (const std::string_view a : versions) {
      for (const std::string_view b : versions) benchmark::DoNotOptimize(row->compare(a, b));
    }
  }
  state.SetItemsProcessed(state.iterations() * 16);
}

void long_pair(benchmark::State& state, std::string_view scheme) {
  const peekr::Scheme* row = peekr::find_scheme(scheme);
  std::string a = "1";
  for (int i = 0; i < 10000; ++i) a += ".1";
  const std::string b = a + "1";
  for (auto step : state) benchmark::DoNotOptimize(row->compare(a, b));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(a.size() + b.size()));
}

BENCHMARK_CAPTURE(pairs, deb, "deb", kDeb);
BENCHMARK_CAPTURE(pairs, rpm, "rpm", kRpm);
BENCHMARK_CAPTURE(pairs, apk, "apk", kApk);
BENCHMARK_CAPTURE(long_pair, deb, "deb");
BENCHMARK_CAPTURE(long_pair, rpm, "rpm");
BENCHMARK_CAPTURE(long_pair, apk, "apk");

}  // namespace
