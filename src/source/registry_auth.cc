// SPDX-License-Identifier: Apache-2.0
#include "source/registry_auth.h"

#include <simdjson.h>

#include "base/base64.h"
#include "base/text.h"

namespace peekr {
namespace {

bool is_token(char c) {
  constexpr std::string_view kAlso = "!#$%&'*+-.^_`|~";
  return is_alpha(c) || is_digit(c) || kAlso.find(c) != std::string_view::npos;
}

std::string_view take_token(std::string_view& rest) {
  std::size_t length = 0;
  while (length < rest.size() && is_token(rest[length])) ++length;
  const std::string_view token = rest.substr(0, length);
  rest.remove_prefix(length);
  return token;
}

std::string_view without_blanks(std::string_view rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  return rest;
}

// A token or a quoted string.
std::string take_value(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::string(take_token(rest));
  std::string value;
  std::size_t at = 1;
  for (; at < rest.size() && rest[at] != '"'; ++at) {
    if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
    value += rest[at];
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return value;
}

std::string encoded(std::string_view value) {
  constexpr std::string_view kPlain = "-._~";
  std::string out;
  for (const char c : value) {
    const bool plain = is_digit(c) || is_alpha(c) || kPlain.find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : "%" + hex(std::string_view(&c, 1));
  }
  return out;
}

// "host:1" of "https://host:1/path"; with a user in front it is no host's.
std::string_view host_in(std::string_view url) {
  const std::string_view rest = url.substr(url.find("://") + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

std::string value_of(const Challenge& challenge, const char* name) {
  const auto at = challenge.parameters.find(name);
  return at == challenge.parameters.end() ? "" : at->second;
}

}  // namespace

std::vector<Challenge> parse_challenges(std::string_view header) {
  std::vector<Challenge> all;
  for (std::string_view rest = header; !rest.empty();) {
    const std::string_view name = take_token(rest);
    const std::string_view behind = without_blanks(rest);
    if (name.empty()) {  // between two of them, or nothing that is known
      rest.remove_prefix(1);
    } else if (behind.starts_with('=') && !all.empty()) {
      rest = without_blanks(behind.substr(1));
      all.back().parameters[lower(name)] = take_value(rest);
    } else {
      all.push_back({lower(name), {}});
    }
  }
  return all;
}

std::string basic_authorization(const Credentials& credentials) {
  return "Basic " + base64_encoded(credentials.username + ":" + credentials.password);
}

Result<HttpAsk> token_ask(const Challenge& challenge, const Credentials& credentials,
                          const std::string& scope) {
  const std::string realm = value_of(challenge, "realm"), service = value_of(challenge, "service");
  std::string wanted = value_of(challenge, "scope");
  if (wanted.empty()) wanted = scope;
  if (!realm.starts_with("https://") && !realm.starts_with("http://"))
    return fail(Errc::usage, "the registry names no token server");
  std::string query = "service=" + encoded(service) + "&scope=" + encoded(wanted);
  HttpAsk ask{.url = realm};
  if (!credentials.identity_token.empty()) {
    ask.form = query + "&grant_type=refresh_token&client_id=peekr&refresh_token=" +
               encoded(credentials.identity_token);
    return ask;
  }
  if (!credentials.username.empty()) {
    query += "&account=" + encoded(credentials.username);
    ask.headers.push_back("Authorization: " + basic_authorization(credentials));
  }
  ask.url += (realm.find('?') == std::string::npos ? "?" : "&") + query;
  return ask;
}

Status check_redirect(const std::string& from, const std::string& to) {
  if (to.starts_with("https://") || (to.starts_with("http://") && from.starts_with("http://"))) return {};
  return fail(Errc::usage,
              shown_url(from) + ": a redirect from https to " + shown_url(to) + " is not followed");
}

Result<HttpAsk> token_ask_at(HttpAsk ask, const HttpHead& head) {
  TRY(within("token server", check_redirect(ask.url, head.redirect)));
  const bool same_host = host_in(ask.url) == host_in(head.redirect);
  const bool repeated = head.status == 307 || head.status == 308;
  if (!ask.form.empty() && !(same_host && repeated))
    return fail(Errc::usage, "token server " + shown_url(ask.url) + ": it leads to " +
                                 shown_url(head.redirect) + ", where the identity token is not sent");
  if (!same_host) ask.headers.clear();
  ask.url = head.redirect;
  return ask;
}

Result<std::string> parse_token(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::object fields;
  if (parser.parse(json.data(), json.size()).get(fields) != simdjson::SUCCESS)
    return fail(Errc::damaged, "token server: its answer is no JSON object");
  for (const char* name : {"token", "access_token"}) {
    std::string_view token;
    if (fields[name].get(token) != simdjson::SUCCESS || token.empty()) continue;
    if (token.find_first_of("\r\n") != std::string_view::npos)
      return fail(Errc::damaged, "token server: no token");
    return std::string(token);
  }
  return fail(Errc::damaged, "token server: its answer has no token");
}

}  // namespace peekr
