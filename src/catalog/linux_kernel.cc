// SPDX-License-Identifier: Apache-2.0
// Linux kernels (kernel.org/doc/html/latest/arch/x86/boot.html): a bzImage has "HdrS" at 0x202 and, at 0x20E, the place of
// its version less 0x200: "5.10.121-linuxkit (builder@host) #1 SMP ...". What is not packed says "Linux version 6.1.0 ...".
// Containers use their host's kernel: an image that has one is meant to be booted, or carries it for nothing.
#include <array>
#include <string>

#include "base/cursor.h"
#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr std::size_t kMagicAt = 0x202, kVersionAt = 0x20E, kMostVersion = 128;

// The first word, where it is a version.
std::string first_word(std::string_view text) {
  text = text.substr(0, text.find_first_of(std::string_view(" \0\n", 3)));
  if (text.empty() || text.size() > kMostVersion || !is_digit(text.front())) return {};
  return text.find('.') == std::string_view::npos || text != printable(text) ? std::string()
                                                                             : std::string(text);
}

std::string version_of(std::string_view bytes) {
  constexpr std::string_view kBanner = "Linux version ";
  for (std::size_t at = bytes.find(kBanner); at != std::string_view::npos; at = bytes.find(kBanner, at + 1)) {
    if (std::string version = first_word(bytes.substr(at + kBanner.size(), kMostVersion)); !version.empty())
      return version;
  }
  return {};
}

void run(const File& file, Inventory& found) {
  const bool boots = file.bytes.size() > kMagicAt && file.bytes.substr(kMagicAt).starts_with("HdrS");
  std::string version;
  if (boots) {
    Cursor in(file.bytes);
    in.seek(kVersionAt);
    in.seek(std::uint64_t{in.le<std::uint16_t>()} + 0x200);
    version = first_word(in.take(std::min(kMostVersion, in.remaining())));
  } else if (!file.path.name().starts_with("kernel")) {  // which others are called, too
    version = version_of(file.bytes);
  }
  if (!version.empty()) {
    found.add({.type = "linux-kernel",
               .name = "linux-kernel",
               .version = std::move(version),
               .path = file.path,
               .by_content = true});
  } else if (boots) {
    found.notes.push_back({file.path, Why::damaged, "a Linux kernel without a version"});
  }
}

constexpr std::array<Pattern, 10> kWants = {"**/kernel",  "**/kernel-*",  "**/vmlinuz", "**/vmlinuz-*",
                                            "**/vmlinux", "**/vmlinux-*", "**/bzImage", "**/bzImage-*",
                                            "**/zImage",  "**/zImage-*"};

}  // namespace

namespace catalogers {
extern const Cataloger linux_kernel;
constexpr Cataloger linux_kernel = {.name = "linux_kernel",
                                    .about = "Linux kernels that no package brought",
                                    .version = 2,
                                    .wants = kWants,
                                    .bulky = true,
                                    .run = run};
}  // namespace catalogers

}  // namespace peekr
