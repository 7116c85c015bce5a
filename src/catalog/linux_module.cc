// SPDX-License-Identifier: Apache-2.0
// Modules of a Linux kernel (linux/moduleinfo.h), packed or not: an ELF section ".modinfo" of texts that end in NUL:
//
//   license=GPL  version=1.0  name=e1000  vermagic=6.8.0-49-generic SMP preempt mod_unload
//
// Most have no version of their own. The first word of vermagic is the kernel that it is for.
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/executable.h"
#include "catalog/packed.h"

namespace peekr {
namespace {

constexpr std::uint64_t kMost = std::uint64_t{64} << 20;

void add(const File& file, const Executable& module, std::string_view info, Inventory& found) {
  Package package{
      .type = "linux-kernel-module", .arch = std::string(module.arch), .path = file.path, .by_content = true};
  for (const std::string_view text : split(info, '\0')) {
    const auto [key, value] = cut(text, '=');
    if (key == "name") package.name = value;
    if (key == "version") package.version = value;
    if (key == "license" && !value.empty()) package.licenses.emplace_back(value);
    if (key != "vermagic") continue;
    package.source = "linux-kernel";
    package.source_version = value.substr(0, value.find(' '));
  }
  if (package.name.empty()) package.name = file.path.name().substr(0, file.path.name().find(".ko"));
  found.add(std::move(package));
}

void run(const File& file, Inventory& found) {
  Allowance allowance(kMost, file.allowance);
  const Result<std::string> bytes = unpacked(file.bytes, allowance);
  if (!bytes) {
    found.notes.push_back({file.path, why_of(bytes.error()), bytes.error().message});
    return;
  }
  if (!bytes->starts_with("\x7F"
                          "ELF"))
    return;  // "ko" also means Korean
  const std::vector<Executable> modules = executables(*bytes);
  const Section* info = modules.empty() ? nullptr : modules.front().section(".modinfo");
  if (info == nullptr) {
    found.notes.push_back({file.path, Why::damaged, "a kernel module without .modinfo"});
  } else {
    add(file, modules.front(), info->bytes, found);
  }
}

constexpr std::array<Pattern, 4> kWants = {"**/*.ko", "**/*.ko.gz", "**/*.ko.xz", "**/*.ko.zst"};

}  // namespace

namespace catalogers {
extern const Cataloger linux_module;
constexpr Cataloger linux_module = {.name = "linux_module",
                                    .about = "modules of Linux kernels that no package brought",
                                    .version = 1,
                                    .wants = kWants,
                                    .bulky = true,
                                    .run = run};
}  // namespace catalogers

}  // namespace peekr
