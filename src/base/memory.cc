// SPDX-License-Identifier: Apache-2.0
#include "base/memory.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <memory>

#include "base/process.h"

// jemalloc's, where it is the allocator.
extern "C" [[gnu::weak]] int mallctl(const char* name, void* old, std::size_t* old_size, void* now,
                                     std::size_t size);

namespace peekr {
namespace {

constexpr std::uint64_t kProgram = 20 << 20;  // pages of the program and its libraries: measured 16 MiB
constexpr std::size_t kStack = 1 << 20;       // of a thread: all of it counts, used or not
constexpr std::uint64_t kRest = 4 << 20;      // that must be left at the beginning

std::atomic<std::uint64_t> bound = 0, limit_before = RLIM_INFINITY;

// What is freed goes back to the kernel at once: else it counts for ten seconds more.
void keep_nothing_freed() {
  if (mallctl == nullptr) return;
  ssize_t at_once = 0;
  for (const char* name :
       {"arenas.dirty_decay_ms", "arenas.muzzy_decay_ms", "arena.0.dirty_decay_ms", "arena.0.muzzy_decay_ms"})
    mallctl(name, nullptr, nullptr, &at_once, sizeof at_once);
}

bool has_room() {
  void* const room =
      ::mmap(nullptr, kRest, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return false;
  ::munmap(room, kRest);
  return true;
}

}  // namespace

Status bound_memory(std::uint64_t bytes) {
  rlimit before{};
  if (::getrlimit(RLIMIT_DATA, &before) != 0) return fail_errno("getrlimit");
  rlimit now = before;
  now.rlim_cur = std::min<rlim_t>(before.rlim_cur, bytes - std::min(bytes, kProgram));
  if (::setrlimit(RLIMIT_DATA, &now) != 0) return fail_errno("setrlimit");
  if (!has_room()) {
    ::setrlimit(RLIMIT_DATA, &before);
    return fail(Errc::usage, "it has more than " + std::to_string(bytes) + " bytes already");
  }
  limit_before = before.rlim_cur;
  bound = bytes;
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, kStack);
  ::pthread_setattr_default_np(&attributes);
  ::pthread_attr_destroy(&attributes);
  if (bytes < kUsualMemory) keep_nothing_freed();
  return {};
}

bool memory_is_bound() { return bound != 0; }

void ask_for_large_pages(std::span<char> room) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* start = room.data();
  std::size_t size = room.size();
  // Where there are none it does no harm.
  if (std::align(page, page, start, size) != nullptr) ::madvise(start, size - size % page, MADV_HUGEPAGE);
}

std::uint64_t data_limit_before() { return limit_before; }

void out_of_memory() {
  end_children();
  std::array<char, 200> text;
  const auto most = static_cast<unsigned long long>(bound.load());
  const int size = most == 0
                       ? std::snprintf(text.data(), text.size(), "peekr: memory: there is no more\n")
                       : std::snprintf(text.data(), text.size(),
                                       "peekr: memory: it takes more than %llu bytes (--max-memory)\n", most);
  if (::write(STDERR_FILENO, text.data(), static_cast<std::size_t>(size)) < 0) ::_exit(1);
  ::_exit(1);
}

}  // namespace peekr
