#!/bin/sh
# Install Sendoff for this user, from the folder that this file lies in; "remove" takes it away.
# Nothing of another program is deleted: pip, too, has a place for one of this name.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
program=$HOME/.local/lib/sendoff
command=$HOME/.local/bin/sendoff
entry=$data/applications/sendoff.desktop
at_login=${XDG_CONFIG_HOME:-$HOME/.config}/autostart/sendoff.desktop
icon=$data/icons/hicolor/scalable/apps/sendoff.svg
if [ -e "$program" ] && [ ! -e "$program/sendoff.cdx.json" ]; then
  echo "$program is not Sendoff's: move it elsewhere first." >&2
  exit 1
fi
has_command() { [ "$(readlink "$command")" = "$program/sendoff" ]; }
if [ "${1:-}" = remove ]; then
  [ ! -x "$program/sendoff" ] || "$program/sendoff" quit
  ! has_command || rm "$command"
  ! grep -qsF "TryExec=$program/sendoff" "$at_login" || rm "$at_login"
  rm -rf "$program" "$entry" "$icon"
  echo "Sendoff is removed. Its data stay in $data/sendoff."
  exit 0
fi
mkdir -p "$HOME/.local/lib" "$HOME/.local/bin" "$(dirname "$entry")" "$(dirname "$icon")"
rm -rf "$program.new"
cp -R "$here" "$program.new"
rm -rf "$program"
mv "$program.new" "$program"
sed "s|^Exec=.*|Exec=\"$program/sendoff\"|" "$program/share/sendoff.desktop" > "$entry"
cp "$program/share/sendoff.svg" "$icon"
if [ -e "$command" ] && ! has_command; then
  echo "Sendoff is installed: find it in the menu, or run $program/sendoff. $command is another program."
else
  ln -sf "$program/sendoff" "$command"
  echo "Sendoff is installed: find it in the menu, or run $command."
fi
missing=$(ldd "$program/_internal/PySide6/Qt/plugins/platforms/libqxcb.so" 2>/dev/null |
  sed -n 's/^[[:space:]]*\(.*\) => not found$/\1/p' | sort -u | tr '\n' ' ')
if [ -n "$missing" ]; then
  echo "Its window needs libraries of the system that are not here: ${missing% }." >&2
  echo "On Debian or Ubuntu: sudo apt-get install libegl1 libgl1" >&2
fi
