// Keys of a talk. Steps and the note go to Python as what is wanted, not as a change of what is there: so a quick
// second press is not lost.
export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const bar = parentElement.querySelector('.bar')
  const live = parentElement.querySelector('.live')
  const full = parentElement.querySelector('.full')
  // Streamlit mounts this anew, with old data, right after a key was sent. So listener and wishes outlive the element,
  // keys pressed in between are sent when it is back, and only news from Python count.
  if (window.eePresent?.tour !== data.tour) {
    forget()
    window.eePresent = { tour: data.tour, known: {}, shown: 0, waiting: [] }
  }
  const state = window.eePresent
  clearTimeout(state.leaving)
  const mount = (state.mount = {})
  state.send = setTriggerValue
  const send = (name, value) => (state.send ? state.send(name, value) : state.waiting.push([name, value]))
  for (const wish of state.waiting.splice(0)) send(...wish)
  for (const name of ['step', 'note']) {
    if (state.known[name] !== data[name]) state[name] = state.known[name] = data[name]
  }
  full.querySelector('.label').textContent = data.labels.full
  bar.setAttribute('aria-label', data.labels.bar)
  if (state.shown !== data.step) {
    state.shown = data.step
    live.textContent = data.announce
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 })
  }

  const go = step => {
    const wanted = Math.min(Math.max(step, 1), data.steps)
    if (wanted === state.step) return
    state.step = wanted
    send('go', wanted)
  }
  const toggleFull = () => {
    if (document.fullscreenElement) document.exitFullscreen()
    else document.documentElement.requestFullscreen?.().catch(() => {})
  }
  const actions = {
    ArrowRight: () => go(state.step + 1),
    ArrowLeft: () => go(state.step - 1),
    PageDown: () => go(state.step + 1),
    PageUp: () => go(state.step - 1),
    ' ': event => go(state.step + (event.shiftKey ? -1 : 1)),
    Home: () => go(1),
    End: () => go(data.steps),
    f: toggleFull,
    p: () => send('note', (state.note = !state.note) ? 'show' : 'hide'),
  }
  for (let digit = 1; digit <= 9; digit++) actions[String(digit)] = () => go(digit)

  // Keys belong to a control while somebody types, or has come to it by keyboard; a click on a toggle does not
  // take the arrows away from the talk.
  const taken = event => {
    const target = event.composedPath()[0]
    if (!(target instanceof Element) || target === document.body) return false
    if (target.closest('input:not([type="radio"]):not([type="checkbox"]), textarea, select, [contenteditable="true"], [role="combobox"], [role="listbox"], [role="dialog"], [role="slider"], [role="grid"]')) return true
    const control = target.closest('button, a[href], [role="radio"], [role="radiogroup"], input')
    if (!control || !target.matches(':focus-visible')) return false
    if (event.key === ' ') return true
    return Boolean(target.closest('[role="radiogroup"]')) && /^(Arrow|Home|End)/.test(event.key)
  }
  const onKey = event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!action || taken(event)) return
    event.preventDefault()
    event.stopPropagation()
    action(event)
  }
  full.onclick = toggleFull
  if (state.onKey) document.removeEventListener('keydown', state.onKey, true)
  state.onKey = onKey
  document.addEventListener('keydown', onKey, true)
  return () => {
    if (state.mount !== mount) return // its successor is here already
    state.send = null
    state.leaving = setTimeout(forget, 1500)
  }
}

function forget() {
  if (window.eePresent?.onKey) document.removeEventListener('keydown', window.eePresent.onKey, true)
  delete window.eePresent
}
