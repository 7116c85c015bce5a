// SPDX-License-Identifier: Apache-2.0
// How much memory this process may take, by the kernel's own count: what it has in private, writable mappings (RLIMIT_DATA,
// setrlimit(2)), and beside that the pages of the program and its libraries. Files that are mapped to be read do not count: the
// kernel takes their pages back where it needs them.
#pragma once

#include <cstdint>
#include <span>

#include "base/result.h"

namespace peekr {

// What a process takes that was not told otherwise: real images need a tenth of it, and a hostile file in one is no end of the machine.
constexpr std::uint64_t kUsualMemory = std::uint64_t{4} << 30;

// From now on, in this process; programs that it starts (base/process.h) have what it had before. Whoever asks for more ends in out_of_memory().
Status bound_memory(std::uint64_t bytes);

[[nodiscard]] bool memory_is_bound();
// RLIMIT_DATA as it was before.
[[nodiscard]] std::uint64_t data_limit_before();

// One message on standard error, exit code 1, at once: nobody is asked to clean up, which may take memory. For std::set_new_handler,
// and for where a library says that it has none.
[[noreturn]] void out_of_memory();

// Memory that will be filled from its front: it comes in pages of 2 MiB where the kernel has them (madvise(2)), not in 512 times as
// many, each of which costs a fault.
void ask_for_large_pages(std::span<char> room);

}  // namespace peekr
