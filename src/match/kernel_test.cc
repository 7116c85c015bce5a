// SPDX-License-Identifier: Apache-2.0
#include "match/kernel.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

bool beside(std::string type, std::string source, std::string name) {
  return is_beside_kernel({.type = std::move(type), .name = std::move(name), .source = std::move(source)});
}

TEST(Kernel, headers_and_tools_are_beside_it) {
  EXPECT_TRUE(beside("deb", "linux", "linux-libc-dev"));
  EXPECT_TRUE(beside("deb", "linux", "linux-headers-6.1.0-13-amd64"));
  EXPECT_TRUE(beside("deb", "linux", "bpftool"));
  EXPECT_TRUE(beside("deb", "linux-aws", "linux-aws-headers-5.15.0-1051"));
  EXPECT_TRUE(beside("rpm", "kernel", "kernel-headers"));
  EXPECT_TRUE(beside("rpm", "kernel", "python3-perf"));
  EXPECT_TRUE(beside("rpm", "kernel-uek", "kernel-uek-devel"));
  EXPECT_TRUE(beside("rpm", "linux", "linux-docs") || beside("rpm", "linux", "linux-api-headers"));
}

TEST(Kernel, kernels_are_not_and_neither_is_what_only_sounds_so) {
  EXPECT_FALSE(beside("deb", "linux", "linux-image-6.1.0-13-amd64-unsigned"));
  EXPECT_FALSE(beside("deb", "linux-signed-amd64", "linux-image-6.1.0-13-amd64"));
  EXPECT_FALSE(beside("deb", "linux", "linux-modules-5.15.0-91-generic"));
  EXPECT_FALSE(beside("deb", "linux-firmware", "linux-firmware"));
  EXPECT_FALSE(beside("deb", "util-linux", "util-linux"));
  EXPECT_FALSE(beside("rpm", "kernel", "kernel-core"));
  EXPECT_FALSE(beside("rpm", "kernel-default", "kernel-default-base"));
  EXPECT_FALSE(beside("rpm", "linux", "linux-esx"));
  EXPECT_FALSE(beside("rpm", "linux-firmware", "linux-firmware"));
  EXPECT_FALSE(beside("rpm", "linux-sgx", "sgx-aesm"));
  EXPECT_FALSE(beside("rpm", "linux-pam", "pam"));
  EXPECT_FALSE(beside("apk", "linux-headers", "linux-headers"));
}

}  // namespace
}  // namespace peekr
