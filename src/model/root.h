// SPDX-License-Identifier: Apache-2.0
// Root file systems inside an image: a chroot, a container's layers below var/lib/docker. What lies there is not the image's own system.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/package.h"

namespace peekr {

// The root file system that a package database of that path is of: "opt/root" of "opt/root/var/lib/dpkg/status"; "": the image's own.
[[nodiscard]] std::string_view root_above(std::string_view database);
// The same of a release file: "opt/root" of "opt/root/etc/os-release".
[[nodiscard]] std::string_view root_of_release(std::string_view release_file);
// Whether a Python package says that it brought that along (PEP 770, NAME.dist-info/sboms): a library of whatever system, which lies in it.
[[nodiscard]] bool is_bundled(const Package& package);
// Whose package it is: of a system package that root, of a system's that is bundled the folder of the document, of all others "".
[[nodiscard]] std::string_view root_of(const Package& package);

// The number behind the last such mark, by which a build names its release: "12" of "1.2-3+deb12u2". Empty: it is not there.
[[nodiscard]] std::string number_behind(std::string_view version, std::string_view mark);

// The distribution of a package in a root file system inside the image, of one that a Python package has bundled, or of one that a document
// says is of another release than most, as its package URL names it; nothing: the image's own.
[[nodiscard]] std::optional<Distro> other_distro(const Package& package, const std::optional<Distro>& own);

// Whether EPEL is built for it: Red Hat Enterprise Linux, its rebuilds, Amazon Linux 2.
[[nodiscard]] bool has_epel(const Distro& distro);
// The distribution that the package is judged as one of: what other_distro() says, and "epel" for one that the Fedora Project has built for
// those that have it, whose own records of that name are about another package. Nothing: the image's own.
[[nodiscard]] std::optional<Distro> judged_as_of(const Package& package, const std::optional<Distro>& own);
// EPEL, where the package may be of it: the document that names it does not say who has made it; or it is of AlmaLinux for x86_64_v2,
// for which AlmaLinux builds EPEL itself.
[[nodiscard]] std::optional<Distro> possible_epel(const Package& package, const std::optional<Distro>& own);

}  // namespace peekr
