// SPDX-License-Identifier: Apache-2.0
#include "source/credentials.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

// "user:password", "helper server" or "".
std::string found(std::string_view json, std::string_view host, std::string_view repository = "a/b") {
  const Result<std::optional<CredentialEntry>> entry = find_entry(json, host, repository);
  if (!entry) return "error: " + entry.error().message;
  if (!*entry) return "";
  if (!(*entry)->helper.empty()) return (*entry)->helper + " " + (*entry)->server;
  return (*entry)->credentials.username + ":" + (*entry)->credentials.password +
         (*entry)->credentials.identity_token;
}

TEST(Credentials, the_longest_key_that_leads_to_the_repository_counts) {
  constexpr std::string_view kJson = R"({"auths": {"h:1": {"auth": "aDpwdw=="}, "h:1/a": {"auth": "YTpwdw=="},
      "h:1/a/bc": {"auth": "eDpwdw=="}, "https://u/v2/": {"username": "u", "password": "pw"}}})";
  EXPECT_EQ(found(kJson, "h:1"), "a:pw");
  EXPECT_EQ(found(kJson, "h:1", "b"), "h:pw");
  EXPECT_EQ(found(kJson, "u"), "u:pw");
  EXPECT_EQ(found(kJson, "h"), "");
}

TEST(Credentials, docker_hub_has_a_name_of_its_own) {
  EXPECT_EQ(found(R"({"auths": {"https://index.docker.io/v1/": {"auth": "aDpwdw"}}})", "docker.io"), "h:pw");
  EXPECT_EQ(found(R"({"credsStore": "pass"})", "docker.io"), "pass https://index.docker.io/v1/");
}

TEST(Credentials, helpers_of_a_host_stand_before_the_rest) {
  constexpr std::string_view kJson = R"({"auths": {"h": {"auth": "aDpwdw=="}, "i": {}}, "credsStore": "s",
      "credHelpers": {"h": "g"}})";
  EXPECT_EQ(found(kJson, "h"), "g h");
  EXPECT_EQ(found(kJson, "i"), "s i");
  EXPECT_EQ(found(R"({"auths": {"h": {"auth": "aDpwdw=="}}, "credsStore": "s"})", "h"), "s h");
}

TEST(Credentials, keys_and_values_are_written_as_docker_takes_them) {
  for (const std::string key : {"h:1", "h:1/", "h:1/v1", "h:1/v2/", "https://h:1/v1/users/", "http://h:1"})
    EXPECT_EQ(found(R"({"auths": {")" + key + R"(": {"auth": "aDpwdw=="}}})", "h:1"), "h:pw") << key;
  EXPECT_EQ(found(R"({"auths": {"h/v3/": {"auth": "aDpwdw=="}}})", "h"), "");
  EXPECT_EQ(
      found(R"({"auths": {"https://index.docker.io/v1/access-token": {"auth": "aDpwdw=="}}})", "docker.io"),
      "");
  EXPECT_EQ(found(R"({"auths": {"h": {"auth": "aDp\r\nwdw==\n"}}})", "h"), "h:pw");
}

TEST(Credentials, a_helper_without_a_name_is_none) {
  EXPECT_EQ(found(R"({"auths": {"h": {"auth": "aDpwdw=="}}, "credHelpers": {"h": ""}})", "h"), "h:pw");
  EXPECT_EQ(found(R"({"credsStore": "s", "credHelpers": {"h": ""}})", "h"), "");
}

TEST(Credentials, what_is_damaged_is_said_without_showing_it) {
  EXPECT_EQ(found("secret", "h"), "error: not a JSON object");
  EXPECT_EQ(found(R"({"auths": {"h": {"auth": "c2Vj!"}}})", "h"),
            "error: auths h: auth: not base64 of user:password");
  EXPECT_EQ(found(R"({"auths": {"h": {"auth": "c2VjcmV0"}}})", "h"),
            "error: auths h: auth: not base64 of user:password");
  EXPECT_EQ(found(R"({"auths": [], "credHelpers": 1, "credsStore": {}})", "h"), "");
}

}  // namespace
}  // namespace peekr
