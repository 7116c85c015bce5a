// SPDX-License-Identifier: Apache-2.0
#include "source/registry_auth.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

std::string shown(std::string_view header) {
  std::string text;
  for (const Challenge& one : parse_challenges(header)) {
    text += one.scheme + ":";
    for (const auto& [name, value] : one.parameters) text += " " + name + "=" + value;
    text += ";";
  }
  return text;
}

TEST(RegistryAuth, challenges_come_in_every_form) {
  EXPECT_EQ(shown(R"(Bearer realm="https://a/t",service="s",scope="repository:x:pull,push")"),
            "bearer: realm=https://a/t scope=repository:x:pull,push service=s;");
  EXPECT_EQ(shown(R"(Basic realm="a \"b\"", Bearer realm=x)"), R"(basic: realm=a "b";bearer: realm=x;)");
  EXPECT_EQ(shown("Bearer realm = \"https://a/t\" ,\tservice\t=s , Basic realm= x"),
            "bearer: realm=https://a/t service=s;basic: realm=x;");
  EXPECT_EQ(shown("Negotiate"), "negotiate:;");
  for (const std::string_view odd : {"", "=", "\"", ",,,", "realm=", "Bearer realm=\"", "Bearer realm=\"\\"})
    EXPECT_LE(parse_challenges(odd).size(), 1u) << odd;
}

TEST(RegistryAuth, a_token_is_bought_with_what_there_is) {
  const Challenge challenge{"bearer", {{"realm", "https://a/t?x=1"}, {"service", "s s"}}};
  const HttpAsk anonymous = *token_ask(challenge, {}, "repository:x:pull");
  EXPECT_EQ(anonymous.url, "https://a/t?x=1&service=s%20s&scope=repository%3ax%3apull");
  EXPECT_TRUE(anonymous.headers.empty());
  const HttpAsk named = *token_ask(challenge, {.username = "user", .password = "pw"}, "s");
  EXPECT_EQ(named.headers.front(), "Authorization: Basic dXNlcjpwdw==");
  const HttpAsk identity = *token_ask(challenge, {.identity_token = "a/b"}, "s");
  EXPECT_EQ(identity.url, "https://a/t?x=1");
  EXPECT_NE(identity.form.find("refresh_token=a%2fb"), std::string::npos);
  EXPECT_FALSE(token_ask({"bearer", {{"realm", "file:///x"}}}, {}, "s"));
}

TEST(RegistryAuth, a_token_server_leads_on_but_not_the_credentials_to_another_host) {
  const HttpAsk basic{.url = "https://a:1/t?x", .headers = {"Authorization: Basic x"}};
  const auto led = [](const HttpAsk& ask, unsigned status, const std::string& to) -> std::string {
    const Result<HttpAsk> next = token_ask_at(ask, {.status = status, .redirect = to, .headers = {}});
    return next ? next->url + (next->headers.empty() && next->form.empty() ? "" : " with")
                : next.error().message;
  };
  EXPECT_EQ(led(basic, 302, "https://a:1/u"), "https://a:1/u with");
  for (const std::string other :
       {"https://a/u", "https://b:1/u", "https://a:1@b/u", "https://u@a:1/u", "https://a:12/"})
    EXPECT_EQ(led(basic, 307, other), other);
  EXPECT_EQ(led(basic, 307, "http://a:1/u"),
            "token server: https://a:1/t: a redirect from https to http://a:1/u is not followed");
  HttpAsk plain = basic, form{.url = "https://a:1/t", .form = "refresh_token=x"};
  plain.url = "http://a:1/t";
  EXPECT_EQ(led(plain, 301, "https://a:1/t"), "https://a:1/t with");
  EXPECT_EQ(led(form, 307, "https://a:1/u"), "https://a:1/u with");
  for (const unsigned status : {302u, 307u})
    EXPECT_EQ(led(form, status, status == 302 ? "https://a:1/u" : "https://b/u"),
              "token server https://a:1/t: it leads to https://" + std::string(status == 302 ? "a:1" : "b") +
                  "/u, where the identity token is not sent");
}

TEST(RegistryAuth, what_is_no_token_is_refused_without_showing_it) {
  EXPECT_EQ(*parse_token(R"({"token":"a"})"), "a");
  EXPECT_EQ(*parse_token(R"({"access_token":"b"})"), "b");
  for (const std::string_view odd :
       {"", "[]", "{}", R"({"token":""})", R"({"token":"secret\r\nX: y"})", "secret"}) {
    const Result<std::string> token = parse_token(odd);
    ASSERT_FALSE(token) << odd;
    EXPECT_EQ(token.error().message.find("secret"), std::string::npos);
  }
}

TEST(HttpStream, a_url_is_shown_without_its_secrets) {
  EXPECT_EQ(shown_url("https://user:pw@host:1/a?signature=x#y"), "https://host:1/a");
  EXPECT_EQ(shown_url("https://host/a@b"), "https://host/a@b");
  EXPECT_EQ(shown_url("https://host:5000/a@b"), "https://host:5000/a@b");
  EXPECT_EQ(shown_url("https://[::1]:5000/a@b"), "https://[::1]:5000/a@b");
  EXPECT_EQ(shown_url("https://[::1]/a@b"), "https://[::1]/a@b");
  // A "/" of a password that should be %2F.
  EXPECT_EQ(shown_url("https://user:p/w@host:1/a?x"), "https://host:1/a");
  EXPECT_EQ(shown_url("https://user:/w@host/a"), "https://host/a");
  EXPECT_EQ(shown_url("https://user:123456/w@host/a"), "https://host/a");
}

}  // namespace
}  // namespace peekr
