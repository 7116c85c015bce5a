// SPDX-License-Identifier: Apache-2.0
// Providers that a lock file of Terraform or OpenTofu asks for (developer.hashicorp.com/terraform/language/files/dependency-lock):
//
//   .terraform.lock.hcl   provider "registry.terraform.io/hashicorp/aws" {
//                           version     = "5.31.0"
#include <array>
#include <string>
#include <vector>

#include "catalog/cataloger.h"
#include "catalog/script.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

constexpr Script kHcl = {.comment = "#", .quotes = "\"", .word = "_-"};

void run(const File& file, Inventory& found) {
  FileNotes notes(file.path, found);
  const std::vector<ScriptToken> all = tokens(file.bytes, kHcl, notes);
  for (std::size_t at = 0; at + 2 < all.size(); ++at) {
    if (!all[at].is("provider") || all[at + 1].kind != ScriptToken::Kind::quoted || !all[at + 2].is("{"))
      continue;
    Package package{.type = "terraform", .name = all[at + 1].text, .path = file.path};
    for (at += 3; at + 2 < all.size() && !all[at].is("}"); ++at) {
      if (all[at].is("version") && all[at + 1].is("=")) package.version = all[at + 2].text;
    }
    add_named(std::move(package), found, notes);
  }
  notes.finish();
}

constexpr std::array<Pattern, 1> kWants = {"**/.terraform.lock.hcl"};

}  // namespace

namespace catalogers {
extern const Cataloger terraform_lock;
constexpr Cataloger terraform_lock = {.name = "terraform_lock",
                                      .about = "providers that a lock file of Terraform asks for",
                                      .version = 1,
                                      .wants = kWants,
                                      .declares = true,
                                      .run = run};
}  // namespace catalogers

}  // namespace peekr
