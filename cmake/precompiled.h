// SPDX-License-Identifier: Apache-2.0
// Precompiled for every file: the standard library, fmt, simdjson and GoogleTest. It saves time and nothing else: each file still includes
// what it uses, and `./dev tidy` builds without this one.
#pragma once
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <expected>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <ranges>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>
#if __has_include(<gtest/gtest.h>)
#include <gtest/gtest.h>
#endif
