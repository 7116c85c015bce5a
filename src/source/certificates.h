// SPDX-License-Identifier: Apache-2.0
// The certificates that belong to one registry: containers-certs.d(5), and Docker's folders of the same shape.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace peekr {

struct Certificates {
  std::string authorities;       // PEM: whom to trust beside those whom the system trusts
  std::string certificate, key;  // files: who we are; may be empty
};

// Of the first folder that there is for the host ("registry.example:5000").
Result<Certificates> find_certificates(std::string_view host);

}  // namespace peekr
