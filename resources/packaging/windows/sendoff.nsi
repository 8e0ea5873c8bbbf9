; The installer for Windows, for one user, without an administrator.
; build.py calls makensis with VERSION, FOLDER (the frozen program), FILES (the list of its files)
; and OUTPUT. The person may choose a folder that has other files: only files of a list are deleted.
Unicode true
!include "MUI2.nsh"
!include "FileFunc.nsh"
AllowSkipFiles off ; a silent installation ends at a file that it cannot replace

Name "Sendoff"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\Sendoff"
RequestExecutionLevel user
SetCompressor /SOLID lzma
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Sendoff"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Sendoff ${VERSION}"
VIAddVersionKey "LegalCopyright" "The Sendoff authors, MIT License"

!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Sendoff"
!define LIST "sendoff-files.txt"
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\sendoff.exe"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; Ask a running Sendoff to quit, as its menu does; the command waits until that is gone. Then its
; files can be replaced, or the window asks about what is not saved.
!macro AskToQuit un
Function ${un}AskToQuit
  again:
  IfFileExists "$INSTDIR\sendoff.exe" 0 done
  nsExec::Exec '"$INSTDIR\sendoff.exe" quit'
  Pop $0
  StrCpy $1 0
  wait:
  ClearErrors
  FileOpen $2 "$INSTDIR\sendoff.exe" a
  IfErrors 0 free
  IntOp $1 $1 + 1
  Sleep 500
  IntCmp $1 6 busy wait busy
  busy:
  MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION \
    "Sendoff is still running. Answer what its window asks, or quit it by its menu. Then press \
    Retry." /SD IDCANCEL IDRETRY again
  Abort
  free:
  FileClose $2
  done:
FunctionEnd
!macroend
!insertmacro AskToQuit ""
!insertmacro AskToQuit "un."

; Delete the files that the installation's list names, then each folder that is empty. A line of
; the list ends with CR and LF, that of a folder with a backslash before them.
!macro RemoveInstalled un
Function ${un}RemoveInstalled
  ClearErrors
  FileOpen $0 "$INSTDIR\${LIST}" r
  IfErrors done
  next:
  FileRead $0 $1
  IfErrors end
  StrCpy $1 $1 -2
  StrCpy $2 $1 1 -1
  StrCmp $2 "\" folder
  Delete "$INSTDIR\$1"
  ClearErrors
  Goto next
  folder:
  RMDir "$INSTDIR\$1"
  ClearErrors
  Goto next
  end:
  FileClose $0
  Delete "$INSTDIR\${LIST}"
  RMDir "$INSTDIR"
  done:
FunctionEnd
!macroend
!insertmacro RemoveInstalled ""
!insertmacro RemoveInstalled "un."

Section
  Call AskToQuit
  Call RemoveInstalled ; a file of an older version would be found first
  SetOutPath "$INSTDIR"
  File "/oname=${LIST}" "${FILES}" ; first: what follows can be removed wherever it ends
  File /r "${FOLDER}\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Sendoff.lnk" "$INSTDIR\sendoff.exe"
  WriteRegStr HKCU "${ENTRY}" "DisplayName" "Sendoff"
  WriteRegStr HKCU "${ENTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${ENTRY}" "Publisher" "The Sendoff authors"
  WriteRegStr HKCU "${ENTRY}" "DisplayIcon" "$INSTDIR\sendoff.exe"
  WriteRegStr HKCU "${ENTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegDWORD HKCU "${ENTRY}" "NoModify" 1
  WriteRegDWORD HKCU "${ENTRY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegDWORD HKCU "${ENTRY}" "EstimatedSize" $0
SectionEnd

; What people typed and sent stays: it lies in the data folder.
Section "Uninstall"
  Call un.AskToQuit
  Delete "$SMPROGRAMS\Sendoff.lnk"
  Call un.RemoveInstalled
  DeleteRegKey HKCU "${ENTRY}"
  DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "Sendoff"
SectionEnd
