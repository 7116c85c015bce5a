// SPDX-License-Identifier: Apache-2.0
// In a signal handler there is no memory to be had: proc_pid_maps(5) is read by the line into an array.
//   7f00a0000000-7f00a0021000 r--s 00000000 fd:00 1234   /var/lib/peekr/data.mdb
#include "lib/lmdb_damage.h"

#include <fcntl.h>
#include <lmdb.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace peekr::lmdb {
namespace {

constexpr std::uintptr_t kBehind = std::uintptr_t{1}
                                   << 20;  // a read that begins in the last page goes no further

constinit std::array<struct sigaction, 2> before{};  // SIGBUS, SIGSEGV
constinit thread_local const char* asked = nullptr;  // the file that this thread's call of LMDB is about

void say(std::string_view text) {
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

[[noreturn]] void end_at(std::string_view path) {
  say("peekr: ");
  say(path);
  say(": damaged, or cut short while it was read: build it again\n");
  std::_Exit(1);
}

// The path of that line, where it is a database that the address is in or just behind.
std::string_view database_at(std::string_view line, std::uintptr_t address) {
  std::uintptr_t start = 0, end = 0;
  const char* const last = line.data() + line.size();
  const std::from_chars_result first = std::from_chars(line.data(), last, start, 16);
  if (first.ptr == last || *first.ptr != '-') return {};
  std::from_chars(first.ptr + 1, last, end, 16);
  const std::size_t path = line.find('/');
  const bool here = address >= start && address < end + kBehind;
  return here && path != std::string_view::npos && line.find("/data.mdb", path) != std::string_view::npos
             ? line.substr(path)
             : std::string_view();
}

void end_if_database(std::uintptr_t address) {
  const int maps = ::open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  std::array<char, 8192> line{};
  std::size_t size = 0;
  for (char next = 0; maps >= 0 && ::read(maps, &next, 1) == 1;) {
    if (next != '\n') {
      if (size < line.size()) line[size++] = next;
      continue;
    }
    const std::string_view path = database_at({line.data(), size}, address);
    size = 0;
    if (!path.empty()) end_at(path);
  }
  if (maps >= 0) ::close(maps);
}

void on_fault(int signal, siginfo_t* info, void* /*context*/) {
  if (asked != nullptr) end_at(asked);
  end_if_database(reinterpret_cast<std::uintptr_t>(info->si_addr));
  ::sigaction(signal, &before[signal == SIGSEGV ? 1 : 0], nullptr);  // it comes again
}

}  // namespace

void expect_damage() {
  struct sigaction fault{};
  fault.sa_sigaction = on_fault;
  fault.sa_flags = SA_SIGINFO;
  static const bool once = [&] {
    return ::sigaction(SIGBUS, &fault, before.data()) == 0 && ::sigaction(SIGSEGV, &fault, &before[1]) == 0;
  }();
  static_cast<void>(once);
}

Asking::Asking(const std::string& path) { asked = path.c_str(); }
Asking::~Asking() { asked = nullptr; }

void end_as_damaged(MDB_env* env, const char* what) {
  std::fprintf(stderr, "peekr: %s: damaged: %s\n", static_cast<const char*>(mdb_env_get_userctx(env)), what);
  std::_Exit(1);
}

}  // namespace peekr::lmdb
