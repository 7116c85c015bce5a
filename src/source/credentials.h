// SPDX-License-Identifier: Apache-2.0
// Credentials: who the user is to a registry, out of the configuration files of Docker and podman
// (containers-auth.json(5)) and the credential helpers that they name (github.com/docker/docker-credential-helpers).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace peekr {

struct Credentials {
  std::string username, password;
  std::string identity_token;  // instead of them: what buys bearer tokens (OAuth2 refresh token)
  std::string registry_token;  // instead of them: a bearer token

  [[nodiscard]] bool empty() const {
    return username.empty() && password.empty() && identity_token.empty() && registry_token.empty();
  }
};

// What one configuration file says of one repository.
struct CredentialEntry {
  Credentials credentials;
  std::string helper,
      server;  // not empty: docker-credential-HELPER knows better, under that name of the server
};
// Nothing where it says nothing. Pure.
Result<std::optional<CredentialEntry>> find_entry(std::string_view json, std::string_view host,
                                                  std::string_view repository);

// The files that are asked, in order: $REGISTRY_AUTH_FILE alone; else podman's, then $DOCKER_CONFIG or ~/.docker.
[[nodiscard]] std::vector<std::string> credential_files();

// Of $DOCKER_AUTH_CONFIG, else of the first file that has any; none are no error. Errors name the file or the helper, never what they say.
Result<Credentials> find_credentials(std::string_view host, std::string_view repository);

}  // namespace peekr
