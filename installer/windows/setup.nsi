; Makes the setup program. The stub is 64-bit: a 32-bit one ends well and installs nothing where only 64-bit programs run.
; Defined by the caller: VERSION, TREE (the folder that is installed), FILES (an include of its files), HELPER
; (path-entry.exe), OUT, ICON, SIZE_KB; SIGN, when files are to be signed: the command, with the file's name behind it.
;
; setup.exe /S [/ALLUSERS] [/PATH=0|1] [/MENU=0|1] [/D=FOLDER]     /D= last, without quotes
; uninstall.exe /S
; Exit codes: 0 done, 1 cancelled, 2 failed, 5 /ALLUSERS without an administrator's rights
Unicode true
Target amd64-unicode
ManifestSupportedOS Win10
ManifestDPIAware true
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetDateSave off

!include MUI2.nsh
!include FileFunc.nsh
!include LogicLib.nsh
!include Sections.nsh
!include x64.nsh

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\chartferry"
!define VERB "Software\Classes\SystemFileAssociations\.bak\shell\chartferry"

Name "chartferry ${VERSION}"
OutFile "${OUT}"
BrandingText "chartferry ${VERSION}"
ShowInstDetails show
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "chartferry"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Setup of chartferry"
VIAddVersionKey CompanyName "The chartferry authors"
VIAddVersionKey LegalCopyright "Apache License 2.0"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_NOAUTOCLOSE
!insertmacro MUI_PAGE_LICENSE "${TREE}/LICENSE.txt"
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!ifdef SIGN
  !finalize '"${SIGN}" "%1"'
  !uninstfinalize '"${SIGN}" "%1"'
!endif

Var who ; user or machine, as path-entry takes it

!macro context un
  Function ${un}context
    SetRegView 64
    ${If} $who == machine
      SetShellVarContext all
    ${Else}
      SetShellVarContext current
    ${EndIf}
  FunctionEnd
!macroend
!insertmacro context ""
!insertmacro context "un."

Section "chartferry (needed)" needed
  SectionIn RO
  ; An earlier version goes first, with what only it had.
  ${If} ${FileExists} "$INSTDIR\uninstall.exe"
    ExecWait '"$INSTDIR\uninstall.exe" /S _?=$INSTDIR' $0
    Delete "$INSTDIR\uninstall.exe"
  ${EndIf}
  ${If} ${FileExists} "$INSTDIR\chartferry.exe"
    DetailPrint "chartferry is running, or its program file cannot be replaced: end it and start this setup again."
    SetErrorLevel 2
    Abort
  ${EndIf}
  ClearErrors
  !include "${FILES}"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  File "/oname=path-entry.exe" "${HELPER}"
  CreateDirectory "$SMPROGRAMS"
  CreateShortcut "$SMPROGRAMS\chartferry.lnk" "$INSTDIR\chartferry.exe"
  WriteRegStr SHCTX "${KEY}" DisplayName "chartferry"
  WriteRegStr SHCTX "${KEY}" DisplayVersion "${VERSION}"
  WriteRegStr SHCTX "${KEY}" Publisher "The chartferry authors"
  WriteRegStr SHCTX "${KEY}" DisplayIcon "$INSTDIR\chartferry.exe"
  WriteRegStr SHCTX "${KEY}" InstallLocation "$INSTDIR"
  WriteRegStr SHCTX "${KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegStr SHCTX "${KEY}" Who "$who"
  WriteRegDWORD SHCTX "${KEY}" EstimatedSize ${SIZE_KB}
  WriteRegDWORD SHCTX "${KEY}" NoModify 1
  WriteRegDWORD SHCTX "${KEY}" NoRepair 1
  ${If} ${Errors}
    SetErrorLevel 2
    Abort "Some files or settings could not be written."
  ${EndIf}
SectionEnd

Section '"Inspect with chartferry" in the menu of .bak files' menu
  WriteRegDWORD SHCTX "${KEY}" InMenu 1
  WriteRegStr SHCTX "${VERB}" "" "Inspect with chartferry"
  WriteRegStr SHCTX "${VERB}" Icon "$INSTDIR\chartferry.exe"
  WriteRegStr SHCTX "${VERB}\command" "" '"$INSTDIR\chartferry.exe" "%1"'
  ${RefreshShellIcons}
SectionEnd

Section /o "Found by name in every command window (PATH)" path
  nsExec::Exec '"$INSTDIR\path-entry.exe" add $who "$INSTDIR"'
  Pop $0
  ${If} $0 != 0
    DetailPrint "The list of program folders (PATH) could not be changed."
    SetErrorLevel 2
    Abort
  ${EndIf}
  WriteRegDWORD SHCTX "${KEY}" InPath 1
SectionEnd

!macro choose section yes
  ${If} ${yes} == 1
    !insertmacro SelectSection ${section}
  ${Else}
    !insertmacro UnselectSection ${section}
  ${EndIf}
!macroend

!macro switch name section
  ClearErrors
  ${GetOptions} $R0 "/${name}=" $R1
  ${IfNot} ${Errors}
    !insertmacro choose ${section} $R1
  ${EndIf}
!macroend

Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP "chartferry needs a 64-bit Windows 10, Server 2016 or later." /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  StrCpy $who user
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/ALLUSERS" $R1
  ${IfNot} ${Errors}
    StrCpy $who machine
    UserInfo::GetAccountType
    Pop $0
    ${If} $0 != "Admin"
      MessageBox MB_OK|MB_ICONSTOP "Installing for all users needs an administrator: start the setup from a command window that was opened as administrator." /SD IDOK
      SetErrorLevel 5
      Quit
    ${EndIf}
  ${EndIf}
  Call context
  ; /D= has been read: then $INSTDIR is no longer empty. Else where it is installed already.
  ${If} $INSTDIR == ""
    ReadRegStr $INSTDIR SHCTX "${KEY}" InstallLocation
  ${EndIf}
  ${If} $INSTDIR == ""
    ${If} $who == machine
      StrCpy $INSTDIR "$PROGRAMFILES64\chartferry"
    ${Else}
      StrCpy $INSTDIR "$LOCALAPPDATA\Programs\chartferry"
    ${EndIf}
  ${EndIf}
  ; What was chosen last time, then what is said now.
  ReadRegStr $0 SHCTX "${KEY}" InstallLocation
  ${If} $0 != ""
    ReadRegDWORD $0 SHCTX "${KEY}" InPath
    ReadRegDWORD $1 SHCTX "${KEY}" InMenu
    !insertmacro choose ${path} $0
    !insertmacro choose ${menu} $1
  ${EndIf}
  !insertmacro switch PATH ${path}
  !insertmacro switch MENU ${menu}
FunctionEnd

Function un.onInit
  SetRegView 64
  StrCpy $who user
  ReadRegStr $0 HKCU "${KEY}" InstallLocation
  ${If} $0 != $INSTDIR
    ReadRegStr $0 HKLM "${KEY}" InstallLocation
    ${If} $0 == $INSTDIR
      StrCpy $who machine
    ${EndIf}
  ${EndIf}
  Call un.context
FunctionEnd

; Takes away what the setup brought, file by file: what else lies in the folder, such as results, stays.
Section Uninstall
  nsExec::Exec '"$INSTDIR\path-entry.exe" remove $who "$INSTDIR"'
  Pop $0
  !define UNINSTALL
  !include "${FILES}"
  Delete "$INSTDIR\path-entry.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\chartferry.lnk"
  DeleteRegKey SHCTX "${VERB}"
  DeleteRegKey SHCTX "${KEY}"
  ${RefreshShellIcons}
SectionEnd
