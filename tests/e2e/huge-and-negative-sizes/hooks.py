# SPDX-License-Identifier: Apache-2.0
variants = ["octal", "base256", "overflow", "negative", "words"]
