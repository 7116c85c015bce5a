// SPDX-License-Identifier: Apache-2.0
#include "match/kernel.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace peekr {
namespace {

bool has_any(std::string_view name, std::span<const std::string_view> words) {
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

// "linux" of Debian and Ubuntu builds bpftool, usbip and libcpupower, too. Ubuntu has a source for each kind of kernel
// ("linux-aws", "linux-hwe-6.5") and others that begin so ("linux-firmware").
bool of_deb(const Package& package) {
  constexpr std::array<std::string_view, 2> kKernels = {"linux-image", "linux-modules"};
  constexpr std::array<std::string_view, 8> kOthers = {"-headers", "-tools",    "-libc-dev", "-buildinfo",
                                                       "-kbuild",  "-compiler", "-doc",      "-source"};
  const std::string& source = package.source;
  if (!source.starts_with("linux")) return false;
  if (std::ranges::any_of(kKernels, [&](auto kernel) { return package.name.starts_with(kernel); }))
    return false;
  if (source == "linux") return true;
  return source.starts_with("linux-") && package.name.starts_with("linux-") && has_any(package.name, kOthers);
}

// kernel, kernel-core, kernel-rt-modules, kernel-uek, kernel-default and Photon's linux-esx are kernels. Other sources begin so, too:
// linux-sgx, linux-atm, linux-pam.
bool of_rpm(const Package& package) {
  constexpr std::array<std::string_view, 7> kOthers = {"-headers", "-devel",  "-doc",      "-tools",
                                                       "-macros",  "-source", "-debuginfo"};
  const std::string& source = package.source.empty() ? package.name : package.source;
  constexpr std::array<std::string_view, 8> kSources = {
      "kernel", "kernel5.4", "kernel6.1", "linux", "linux-aws", "linux-esx", "linux-rt", "linux-secure"};
  const bool is_kernel_source =
      std::ranges::find(kSources, source) != kSources.end() || source.starts_with("kernel-");
  if (!is_kernel_source || source.find("firmware") != std::string::npos) return false;
  const std::string_view name = package.name;
  return (!name.starts_with("kernel") && !name.starts_with("linux")) || has_any(name, kOthers);
}

}  // namespace

bool is_beside_kernel(const Package& package) {
  return package.type == "deb" ? of_deb(package) : package.type == "rpm" && of_rpm(package);
}

}  // namespace peekr
