// SPDX-License-Identifier: Apache-2.0
// MD5 (RFC 1321) of several texts at once. Each of its steps waits for the one before, so one text leaves most of a processor idle:
// the lanes of its vector registers take eight in little more than the time of one. Ours: OpenSSL has it for one text alone.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// Of which instructions, where the processor has them; else plain ones.
enum class Md5By : std::uint8_t { best, avx2, plain };

// As lower-case hex, in the order of the texts.
[[nodiscard]] std::vector<std::string> md5_of_each(std::span<const std::string_view> texts,
                                                   Md5By by = Md5By::best);

}  // namespace peekr
