// SPDX-License-Identifier: Apache-2.0
// How a registry asks who we are (RFC 7235, distribution's auth/token and auth/oauth documents), and what is answered.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/http_stream.h"
#include "source/credentials.h"

namespace peekr {

struct Challenge {
  std::string scheme;                             // lower case: "bearer", "basic"
  std::map<std::string, std::string> parameters;  // names in lower case: realm, service, scope
};

// All of one WWW-Authenticate header. Pure; what is no challenge is left out.
[[nodiscard]] std::vector<Challenge> parse_challenges(std::string_view header);

// "Basic dXNlcjpwYXNzd29yZA=="
[[nodiscard]] std::string basic_authorization(const Credentials& credentials);

// The request that buys a bearer token; `scope` where the challenge has none. Errc::usage: where to is no URL.
Result<HttpAsk> token_ask(const Challenge& challenge, const Credentials& credentials,
                          const std::string& scope);
// The same request where the token server leads to: who we are is told on the same host only. Errc::usage: it is not followed.
Result<HttpAsk> token_ask_at(HttpAsk ask, const HttpHead& head);
// What a token server answers.
Result<std::string> parse_token(std::string_view json);

// Whether one URL may lead to the other: to none that is neither https nor http, nor from the first to the second.
Status check_redirect(const std::string& from, const std::string& to);

}  // namespace peekr
