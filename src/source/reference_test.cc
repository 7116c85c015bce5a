// SPDX-License-Identifier: Apache-2.0
#include "source/reference.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

std::string parsed(std::string_view text) {
  const Result<ImageReference> found = parse_reference(text);
  return found ? found->str() : found.error().message;
}

const std::string kHex(64, 'a');

TEST(Reference, docker_hub_is_where_no_host_is_named) {
  EXPECT_EQ(parsed("debian"), "docker.io/library/debian:latest");
  EXPECT_EQ(parsed("debian:12"), "docker.io/library/debian:12");
  EXPECT_EQ(parsed("index.docker.io/debian"), "docker.io/library/debian:latest");
  EXPECT_EQ(parsed("docker.io/bitnami/redis"), "docker.io/bitnami/redis:latest");
  EXPECT_EQ(parsed("myorg/app:1.0"), "docker.io/myorg/app:1.0");
}

TEST(Reference, a_host_has_a_dot_or_a_port_or_is_localhost) {
  EXPECT_EQ(parsed("localhost/app"), "localhost/app:latest");
  EXPECT_EQ(parsed("ghcr.io/a/b/c:v1"), "ghcr.io/a/b/c:v1");
  EXPECT_EQ(parsed("host:5000/app"), "host:5000/app:latest");
  EXPECT_EQ(parsed("[::1]:5000/app:2"), "[::1]:5000/app:2");
  EXPECT_EQ(parsed("127.0.0.1:5000/a_b/c-d.e:X"), "127.0.0.1:5000/a_b/c-d.e:X");
}

TEST(Reference, a_digest_needs_no_tag_and_may_have_one) {
  EXPECT_EQ(parsed("debian@sha256:" + kHex), "docker.io/library/debian@sha256:" + kHex);
  EXPECT_EQ(parsed("h:1/p:t@sha256:" + kHex), "h:1/p:t@sha256:" + kHex);
}

TEST(Reference, what_no_engine_takes_is_refused) {
  for (const std::string text :
       {"",   "Debian", "a//b",      "a/",     "/a",     "a:",    "a:-x", "a@sha256:12",
        "a@", "h:0/a",  "h:99999/a", "h:x/a",  "[::1/a", "a b",   "a..b", "a___b",
        "-a", "a-",     "a/b\n",     "../etc", "./x",    "-h.x/a"}) {
    EXPECT_FALSE(parse_reference(text)) << text;
  }
  EXPECT_EQ(parsed("App"), "App: no image reference: a repository is written in lower case");
  EXPECT_FALSE(parse_reference(std::string(300, 'a')));
  EXPECT_FALSE(parse_reference("a:" + std::string(129, 'a')));
}

}  // namespace
}  // namespace peekr
