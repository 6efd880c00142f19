# Sourced by ./cpchain, ./test and .ci/run: checks what the program needs from the system and installs it where it may.

CPCHAIN_LIBRARIES="librocksdb.so.7.8:librocksdb7.8 libsecp256k1.so.1:libsecp256k1-1 libsodium.so.23:libsodium23"

note() { printf '%s\n' "$*" >&2; }

need_dotnet() {
  if ! command -v dotnet >/dev/null 2>&1; then
    note "cpchain: the .NET 10 SDK is missing: no 'dotnet' on the PATH."
    note "  Fix: install it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this command again."
    exit 3
  fi
  case "$(dotnet --version 2>/dev/null)" in
    10.*) ;;
    *) note "cpchain: the .NET 10 SDK is needed; 'dotnet --version' says '$(dotnet --version 2>&1 | head -n 1)'."
       note "  Fix: install the .NET 10 SDK and run this command again."
       exit 3 ;;
  esac
}

missing_packages() {
  known=$(/sbin/ldconfig -p 2>/dev/null || ldconfig -p 2>/dev/null)
  for pair in $CPCHAIN_LIBRARIES; do
    case "$known" in *"${pair%%:*}"*) ;; *) printf ' %s' "${pair##*:}" ;; esac
  done
}

# Installs Debian packages ($1: list) as root, or says the one command that does.
install_packages() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    note "cpchain: installing$1 (once)"
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $1; } >/dev/null 2>&1; then
      note "cpchain: 'apt-get install$1' failed."
      note "  Fix: run it by hand, see what it says, and run this command again."
      exit 3
    fi
  else
    note "cpchain: system libraries are missing:$1"
    note "  Fix: sudo apt-get update && sudo apt-get install -y$1"
    exit 3
  fi
}

need_libraries() {
  missing=$(missing_packages)
  [ -z "$missing" ] || install_packages "$missing"
}

# One compiler for all projects takes a third of the time of one each, also where the environment says otherwise; there it is ended afterwards.
SHARED_COMPILER=-p:UseSharedCompilation=true
end_compiler() {
  if [ "${UseSharedCompilation:-true}" = false ]; then dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1; fi
}

# Builds the program into artifacts/cpchain where it is missing or older than its sources.
need_program() {
  stamp=artifacts/cpchain/.built
  if [ -f "$stamp" ] && [ -z "$(find src contracts/artifacts contracts/bench Directory.Build.props Directory.Packages.props global.json \
      -newer "$stamp" -type f -print -quit 2>/dev/null)" ]; then
    return
  fi
  note "cpchain: building (about a minute, once)"
  # Ahead-of-time compiled code starts in half the time; it exists for x64 only.
  if [ "$(uname -m)" = x86_64 ]; then ahead="-p:AheadOfTime=true"; else ahead=""; fi
  mkdir -p artifacts
  if ! dotnet publish src/Apps/cpchain/cpchain.csproj -c Release $ahead --self-contained false \
      -o artifacts/cpchain --nologo -v quiet -clp:NoSummary "$SHARED_COMPILER" >artifacts/build.log 2>&1; then
    cat artifacts/build.log >&2
    note "cpchain: the build failed; the compiler's words stand above (also in artifacts/build.log)."
    exit 3
  fi
  touch "$stamp"
  end_compiler
}
