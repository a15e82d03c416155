# For tests that run in Node; to be sourced.

# Ends with 77, which means "skipped".
skip() {
    echo "skipped: $1"
    exit 77
}

# install_packages FROM DIRECTORY FILE: installs what FROM/package-lock.json names into DIRECTORY,
# beside a copy of FROM/FILE, and goes there.
install_packages() {
    command -v node >/dev/null || skip "there is no node"
    command -v npm >/dev/null || skip "there is no npm"
    mkdir -p "$2" || exit 1
    cp "$1/package.json" "$1/package-lock.json" "$1/$3" "$2" || exit 1
    cd "$2" || exit 1
    cmp -s package-lock.json node_modules/.installed && return
    npm ci --no-audit --no-fund --prefer-offline --fetch-retries=1 --fetch-timeout=20000 \
        --loglevel=error >npm.log 2>&1 || {
        grep -qE 'code (ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|E403|E404|E5)' \
            npm.log && skip "npm reaches no registry: $(head -n 1 npm.log)"
        cat npm.log
        exit 1
    }
    cp package-lock.json node_modules/.installed
}
